"""The tokens of Slack's buttons: what a button's `value` says, as one type for each kind of button.

`render` writes tokens as text, `inbound` reads them once, and the receiver dispatches on their type.
"""

from flows.button import Button
from flows.orders import Order
from flows.values import Frozen

_START = "start:"
_TAKE = "offer:"
_DECLINE = "decline:"
_STOP = "off:"


class StartFlow(Frozen):
    """The Home tab's button that starts the flow with that id."""

    flow: str

    def __str__(self) -> str:
        """Return the button's value."""
        return f"{_START}{self.flow}"


class TakeOffer(Frozen):
    """The button that accepts an offer; `token` names the offer in the vault."""

    token: str

    def __str__(self) -> str:
        """Return the button's value."""
        return f"{_TAKE}{self.token}"


class DeclineOffer(Frozen):
    """The button that declines an offer; `user` wrote the message that the offer is about."""

    user: str

    def __str__(self) -> str:
        """Return the button's value."""
        return f"{_DECLINE}{self.user}"


class StopOffers(Frozen):
    """The button that turns offers off in its channel."""

    def __str__(self) -> str:
        """Return the button's value."""
        return _STOP


OfferToken = TakeOffer | DeclineOffer | StopOffers
"""The buttons of an offer."""

Token = Button | Order | StartFlow | OfferToken
"""Everything that a press can mean."""


def read_token(value: str) -> Token | None:
    """Read the text of any button; None for a text that no button of ours has."""
    if value.startswith(_START):
        return StartFlow(flow=value.removeprefix(_START))
    if value.startswith(_TAKE):
        return TakeOffer(token=value.removeprefix(_TAKE))
    if value.startswith(_DECLINE):
        return DeclineOffer(user=value.removeprefix(_DECLINE))
    if value == _STOP:
        return StopOffers()
    return Order.parse(value) or Button.parse(value)
