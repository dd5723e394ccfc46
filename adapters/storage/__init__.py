"""Stores conversations in Redis, in Valkey, or in an embedded Valkey that starts with the bot."""
