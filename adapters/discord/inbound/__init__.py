"""From Discord's payloads to values of our own."""
