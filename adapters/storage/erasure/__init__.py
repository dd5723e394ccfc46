"""Erases what the store keeps of a person."""
