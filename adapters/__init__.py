"""Talks to the outside: only this package knows a platform or a vendor's library."""
