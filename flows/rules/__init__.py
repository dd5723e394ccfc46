"""Decides what each event does to a conversation, one subject a file."""
