"""Sends random input to every door of the product. `python -m tests.fuzz --help` says how to run it long."""
