"""Reads conversations for those who look at them."""
