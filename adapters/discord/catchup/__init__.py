"""Reads what was written in Discord while no process was there."""
