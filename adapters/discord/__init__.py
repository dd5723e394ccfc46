"""Connects Discord: customers are helped in threads, forum posts and direct messages."""
