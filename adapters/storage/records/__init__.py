"""Stores conversations: their records, journals, lists, timers and effects."""
