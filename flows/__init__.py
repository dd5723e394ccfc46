"""Decides, without clock, network or platform: flows, conversations, and what each event does to a conversation."""
