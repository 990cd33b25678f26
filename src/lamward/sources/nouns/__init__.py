"""From resources, as CloudFormation shapes them, to the nouns of the model."""
