"""What the directory does, a function for each verb."""
