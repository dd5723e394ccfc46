"""Talks to Slack: the Web API client, HTTP and Socket Mode, ids, limits and payloads."""
