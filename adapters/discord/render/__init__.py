"""Draws Discord's messages and forms from our own values."""
