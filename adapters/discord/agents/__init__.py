"""What agents do in Discord."""
