"""Puts the product together from its settings; it alone knows every adapter."""
