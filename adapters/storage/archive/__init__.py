"""Reads a whole store out and writes it into another; stores what it read in a file."""
