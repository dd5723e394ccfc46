"""Defines the tokens of Slack's buttons: what a button's `value` means, one type for each kind.

`render` writes tokens as text, `inbound` reads each once, and the receiver dispatches on its type.
"""

from typing import Literal

from flows.button import Button
from flows.orders import Order
from flows.values import Frozen

_START = "start:"
_TAKE = "offer:"
_DECLINE = "decline:"
_STOP = "off:"
_DIRECT = "direct:"
_HELP = "help:"
_HELPS = ("ticket", "problem")


class StartFlow(Frozen):
    """Starts the flow with that id, from the Home tab."""

    flow: str

    def __str__(self) -> str:
        """Return the button's value."""
        return f"{_START}{self.flow}"


class TakeOffer(Frozen):
    """Accepts an offer; `token` names the offer in the vault."""

    token: str

    def __str__(self) -> str:
        """Return the button's value."""
        return f"{_TAKE}{self.token}"


class DeclineOffer(Frozen):
    """Declines an offer; `user` wrote the message that the offer is about."""

    user: str

    def __str__(self) -> str:
        """Return the button's value."""
        return f"{_DECLINE}{self.user}"


class StopOffers(Frozen):
    """Turns offers off in the channel."""

    def __str__(self) -> str:
        """Return the button's value."""
        return _STOP


class HelpOffer(Frozen):
    """Accepts an offer of help below a message that no one answered; `author` is the actor who wrote the message."""

    what: Literal["ticket", "problem"]
    author: str

    def __str__(self) -> str:
        """Return the button's value."""
        return f"{_HELP}{self.what}:{self.author}"


class ChooseDirectMessages(Frozen):
    """Turns direct messages about an agent's tickets on or off, from the Home tab."""

    wanted: bool

    def __str__(self) -> str:
        """Return the button's value."""
        return f"{_DIRECT}{'on' if self.wanted else 'off'}"


OfferToken = TakeOffer | DeclineOffer | StopOffers
"""The tokens of an offer's buttons."""

Token = Button | Order | StartFlow | ChooseDirectMessages | OfferToken | HelpOffer
"""Every token of a button."""


def read_token(value: str) -> Token | None:
    """Read a button's value; None if it is not ours."""
    if value.startswith(_START):
        return StartFlow(flow=value.removeprefix(_START))
    if value.startswith(_TAKE):
        return TakeOffer(token=value.removeprefix(_TAKE))
    if value.startswith(_DECLINE):
        return DeclineOffer(user=value.removeprefix(_DECLINE))
    if value == _STOP:
        return StopOffers()
    if value in (f"{_DIRECT}on", f"{_DIRECT}off"):
        return ChooseDirectMessages(wanted=value == f"{_DIRECT}on")
    if value.startswith(_HELP):
        what, _, author = value.removeprefix(_HELP).partition(":")
        return HelpOffer.model_validate({"what": what, "author": author}) if what in _HELPS else None
    return Order.parse(value) or Button.parse(value)
