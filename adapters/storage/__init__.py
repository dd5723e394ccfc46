"""Where conversations are remembered: Redis, Valkey, or a Valkey of our own that starts with the bot."""
