"""Fails over, moves and breaks real Redis servers under traffic, and counts what was lost."""
