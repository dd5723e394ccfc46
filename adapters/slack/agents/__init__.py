"""Handles what agents do in Slack."""
