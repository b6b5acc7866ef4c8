"""Every SQL statement of the assessment service, a file per noun."""
