"""What maintainers run: refresh the packed data, generate the documents."""
