"""From Slack's payloads to values of our own."""
