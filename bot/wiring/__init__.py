"""Puts the product together from its settings; only this folder knows every adapter."""
