"""What the directory does in the background, or takes its time over."""
