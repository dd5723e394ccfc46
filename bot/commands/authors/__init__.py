"""Commands for the people who write flows."""
