"""How far a customer has seen their conversation: what agents are told of a reply, and what need not be mailed."""

from adapters.web.site import Site
from flows.views.screen import Screen


async def saw(site: Site, screen: Screen) -> None:
    """They are shown the conversation as it is now. It only matters once people are in it.

    The page asks for what is new only while somebody looks at it: a tab in the background lets its stream go.
    """
    at = screen.conversation
    if at.ticket:
        await site.views.saw(at.id, at.version)
