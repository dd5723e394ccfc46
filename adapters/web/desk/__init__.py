"""Serves the web desk, where agents find waiting customers, read conversations, reply, and resolve tickets."""
