"""Answers people who ask what is kept of them, or ask to be forgotten."""
