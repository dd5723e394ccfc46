"""Sends email: to teams about tickets, and to customers who left."""
