"""Connects to the server of the store: reads its address, makes the client and sends commands over its connections."""
