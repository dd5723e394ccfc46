"""Parses Discord's payloads into our own values."""
