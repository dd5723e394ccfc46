"""Parses Slack's payloads into our own values."""
