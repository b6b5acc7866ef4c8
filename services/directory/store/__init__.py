"""Every SQL statement of the directory: how a thing is found, how it is shown, how it is stored."""
