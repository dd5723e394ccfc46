"""Commands for whoever writes flows."""
