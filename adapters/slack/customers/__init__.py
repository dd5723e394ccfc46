"""What customers do in Slack."""
