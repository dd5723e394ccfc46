"""Reads conversations and draws what customers and agents see of them."""
