"""One function per verb, a file per noun."""
