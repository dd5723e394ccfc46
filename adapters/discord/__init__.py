"""Discord: messages with buttons in threads, forum posts and direct messages."""
