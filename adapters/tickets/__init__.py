"""Connects other ticket systems: implements the port TicketBackend, and receives their calls."""
