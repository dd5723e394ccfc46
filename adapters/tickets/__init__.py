"""Tickets elsewhere: the systems an operator keeps them in, behind the port TicketBackend."""
