"""Serves the REST API that other products embed."""
