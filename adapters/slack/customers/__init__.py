"""Handles what customers do in Slack."""
