"""The room that decides: flows, conversations, and what an event does to them, with no clock, network or platform."""
