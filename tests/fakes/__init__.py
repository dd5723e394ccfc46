"""Small real stand-ins: flows made in code, channels that record, a world put together for a test."""
