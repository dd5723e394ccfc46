"""Draws what people see of a conversation from its journal."""
