"""What Slack's receiver is given."""

from dataclasses import dataclass

from bot.ports import Bookmarks, ChatPorts


@dataclass(frozen=True, kw_only=True)
class Ports(ChatPorts):
    """`offer_in` are the channels where a guide is offered ("shared" for those with other teams); `product` is what the
    Home tab calls the product.
    """

    bookmarks: Bookmarks
    offer_in: frozenset[str] = frozenset()
    product: str = ""
