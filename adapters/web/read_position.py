"""Records how far a customer has seen their conversation, for a reply's status and for emails about missed replies."""

from adapters.web.site import Site
from flows.views.screen import Screen


async def saw(site: Site, screen: Screen, version: int | None = None) -> None:
    """Record that the customer has seen the conversation up to that version, by default all of it.

    Nothing is recorded before the conversation has a ticket, because no one needs to know. A browser with the page's
    script reports what was in view in a visible tab; without the script, a page that was loaded counts as seen.
    """
    at = screen.conversation
    if at.ticket:
        await site.views.saw(at.id, at.version if version is None else min(version, at.version))


async def last_seen(site: Site, screen: Screen) -> int:
    """Return the version up to which the customer has seen the conversation: all of it while there is no ticket."""
    at = screen.conversation
    return await site.views.seen(at.id) if at.ticket else at.version
