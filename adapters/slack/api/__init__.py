"""Slack itself: its client, its two ways of being heard, its ids, limits and payloads."""
