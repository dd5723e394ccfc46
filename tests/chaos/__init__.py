"""Processes killed at any instant, on the real store."""
