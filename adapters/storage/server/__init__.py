"""A Valkey of our own, and the locks between the processes that share it."""
