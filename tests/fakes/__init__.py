"""Holds the tests' fakes: flows made in code, channels that record, platforms, and a composed product."""
