"""Talks to Discord: REST client, gateway, slash commands, ids, limits and payloads."""
