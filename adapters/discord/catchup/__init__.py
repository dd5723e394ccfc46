"""Reads messages that people wrote in Discord while the bot was offline."""
