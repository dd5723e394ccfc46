"""Runs the embedded Valkey server, with the locks of the processes that share it."""
