"""Holds what Slack's receiver needs from the bot."""

from dataclasses import dataclass

from bot.ports import Bookmarks, ChatPorts


@dataclass(frozen=True, kw_only=True)
class Ports(ChatPorts):
    """Adds Slack's needs to those of every chat channel.

    `offer_in` are the channels where the bot offers guides ("shared" for those shared with other teams); `product` is
    the product's name on the Home tab.
    """

    bookmarks: Bookmarks
    offer_in: frozenset[str] = frozenset()
    product: str = ""
