"""What a report says about the requirements of security frameworks: judgements with their evidence."""
