"""Outside shapes the directory reads."""
