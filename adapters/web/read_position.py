"""Records how far a customer has seen their conversation, for a reply's status and for emails about missed replies."""

from adapters.web.site import Site
from flows.views.screen import Screen


async def saw(site: Site, screen: Screen) -> None:
    """Record that the customer sees the screen, once the conversation has a ticket. Before, no one needs to know.

    The page's script loads changes only while its tab is visible, so a drawn screen is a seen screen.
    """
    at = screen.conversation
    if at.ticket:
        await site.views.saw(at.id, at.version)
