"""AWS's SDKs for JavaScript, versions 2 and 3: clients, commands, what is built on them, and credentials."""
