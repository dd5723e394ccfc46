"""Serves the web channel: the customers' page, the agents' web desk, and the REST API that other products embed.

This channel has no sender: a screen is drawn from the journal when a browser asks for it.
"""

from adapters.web.app import create
from adapters.web.site import OfferedFlow, Site

__all__ = ["OfferedFlow", "Site", "create"]
