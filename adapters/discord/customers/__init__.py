"""Handles what customers do in Discord."""
