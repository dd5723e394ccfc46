"""The tokens of Discord's buttons, menus and forms: what a `custom_id` says, as one type for each kind.

`render` writes tokens as text (a `custom_id` has at most 100 characters), `inbound` reads them once, and the receiver
dispatches on their type.
"""

from flows.button import Button
from flows.orders import Order
from flows.values import Frozen

_WRITE = "say:"
_MINE_TOO = "mine:"
_OFFER = "offer:"
_START = "start:"


class WriteMessage(Frozen):
    """*Send a message* and its form, for places where typed text does not arrive. `step` is the live step's button."""

    step: Button

    @classmethod
    def at(cls, conversation: str, turn: int) -> "WriteMessage":
        """Return the token for a message that is written under the prompt of that turn."""
        return cls(step=Button(conversation=conversation, turn=turn, built_in="step"))

    def __str__(self) -> str:
        """Return the `custom_id`."""
        return f"{_WRITE}{self.step}"


class MineToo(Frozen):
    """*This fixed mine too*, on the post of that conversation."""

    conversation: str

    def __str__(self) -> str:
        """Return the `custom_id`."""
        return f"{_MINE_TOO}{self.conversation}"


class FlowOffer(Frozen):
    """The menu of flows below a post that `user` opened, with the chosen `flow` once somebody has chosen."""

    user: str
    flow: str = ""

    def __str__(self) -> str:
        """Return the menu's `custom_id`; the options have values of their own."""
        return f"{_OFFER}{self.user}"

    @staticmethod
    def option(flow: str) -> str:
        """Return the value of the option for that flow."""
        return f"{_START}{flow}"


Token = Button | Order | WriteMessage | MineToo | FlowOffer
"""Everything that a press, a choice or a form can mean."""


def read_token(custom_id: str, value: str = "") -> Token | None:
    """Read a `custom_id`, and the `value` of the option chosen in a menu; None for a text that is not ours.

    The menus of answers and actions have ids that mean nothing: their options carry the tokens.
    """
    if custom_id.startswith(_WRITE):
        step = Button.parse(custom_id.removeprefix(_WRITE))
        return WriteMessage(step=step) if step is not None else None
    if custom_id.startswith(_MINE_TOO):
        return MineToo(conversation=custom_id.removeprefix(_MINE_TOO))
    if custom_id.startswith(_OFFER):
        flow = value.removeprefix(_START) if value.startswith(_START) else ""
        return FlowOffer(user=custom_id.removeprefix(_OFFER), flow=flow)
    carried = value or custom_id
    return Order.parse(carried) or Button.parse(carried)
