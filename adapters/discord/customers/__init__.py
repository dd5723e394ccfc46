"""What customers do in Discord."""
