"""Draws Slack's messages, forms and views from our own values."""
