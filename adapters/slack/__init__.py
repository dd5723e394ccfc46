"""Connects Slack: customers are helped in threads, direct messages and the Home tab."""
