"""Serves the customers' page."""
