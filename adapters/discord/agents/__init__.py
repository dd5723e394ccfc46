"""Handles what agents do in Discord."""
