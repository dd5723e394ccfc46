"""Masks what is logged, and logs what nothing caught."""
