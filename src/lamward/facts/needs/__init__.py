"""What functions need: from their code and their settings to actions on resources, each with its evidence."""
