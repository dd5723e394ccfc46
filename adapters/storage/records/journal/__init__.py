"""Converts changes to and from the rows of a conversation's journal."""
