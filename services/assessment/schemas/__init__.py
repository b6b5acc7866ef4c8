"""What the assessment service says and hears, a file per noun."""
