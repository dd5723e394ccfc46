"""The web channel: a server-rendered page for customers, and the REST API other products embed.

It pulls: a screen is drawn from the journal when somebody looks, so this channel has no sender.
"""

from adapters.web.app import create
from adapters.web.site import OfferedFlow, Site

__all__ = ["OfferedFlow", "Site", "create"]
