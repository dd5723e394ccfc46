"""Reads and writes text: phrases, free text, Markdown, and the masking of secrets."""
