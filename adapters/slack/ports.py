"""Holds what Slack's receiver needs from the bot."""

from dataclasses import dataclass

from bot.ports import Bookmarks, ChatPorts, Queue


@dataclass(frozen=True, kw_only=True)
class Ports(ChatPorts):
    """Adds Slack's needs to those of every chat channel.

    `offer_in` are the channels where the bot offers guides ("shared" for those shared with other teams); `product` is
    the product's name on the Home tab. `queue` lists open tickets on an agent's Home tab; `desk` is the start of a
    ticket's address on the web desk, '' if agents cannot reach it.
    """

    bookmarks: Bookmarks
    queue: Queue | None = None
    desk: str = ""
    offer_in: frozenset[str] = frozenset()
    product: str = ""
