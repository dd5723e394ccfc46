"""Discord itself: its client and gateway, its commands, ids, limits and payloads."""
