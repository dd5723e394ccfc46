"""Defines the tokens of Discord's buttons, selects and forms: what a `custom_id` means, one type for each kind.

`render` writes tokens as text (a `custom_id` has at most 100 characters), `inbound` reads each once, and the receiver
dispatches on its type.
"""

from typing import Literal

from flows.button import Button
from flows.orders import Order
from flows.values import Frozen

_WRITE = "say:"
_MINE_TOO = "mine:"
_OFFER = "offer:"
_DIRECT = "direct:"
_START = "start:"
_HELP = "help:"
_OWN = "own:"
_HELPS = ("ticket", "problem")


class WriteMessage(Frozen):
    """Opens, or submits, the form of *Send a message*. `step` is a button that shows the live step."""

    step: Button

    @classmethod
    def at(cls, conversation: str, turn: int) -> "WriteMessage":
        """Make the token for a message written under the prompt of that turn."""
        return cls(step=Button(conversation=conversation, turn=turn, built_in="step"))

    def __str__(self) -> str:
        """Return the `custom_id`."""
        return f"{_WRITE}{self.step}"


class MineToo(Frozen):
    """Says that a solved post's steps helped another reader, too."""

    conversation: str

    def __str__(self) -> str:
        """Return the `custom_id`."""
        return f"{_MINE_TOO}{self.conversation}"


class ChooseDirectMessages(Frozen):
    """Turns direct messages about an agent's tickets on or off."""

    wanted: bool

    def __str__(self) -> str:
        """Return the `custom_id`."""
        return f"{_DIRECT}{'on' if self.wanted else 'off'}"


class FlowOffer(Frozen):
    """Chooses a flow below a post that `user` opened: earlier versions offered that. `flow` is '' before the choice."""

    user: str
    flow: str = ""

    def __str__(self) -> str:
        """Return the select's `custom_id`; the options have values of their own."""
        return f"{_OFFER}{self.user}"

    @staticmethod
    def option(flow: str) -> str:
        """Return the value of the option for that flow."""
        return f"{_START}{flow}"


class HelpOffer(Frozen):
    """Accepts an offer of help in a post that no one answered; `user` opened the post."""

    what: Literal["ticket", "problem"]
    user: str

    def __str__(self) -> str:
        """Return the `custom_id`."""
        return f"{_HELP}{self.what}:{self.user}"


class StartForMe(Frozen):
    """Starts the flow with that id for the person who pressed, in a place of their own."""

    flow: str

    def __str__(self) -> str:
        """Return the `custom_id`."""
        return f"{_OWN}{self.flow}"


Token = Button | Order | WriteMessage | MineToo | ChooseDirectMessages | FlowOffer | HelpOffer | StartForMe
"""Every token of a button, an option or a form."""


def read_token(custom_id: str, value: str = "") -> Token | None:
    """Read a `custom_id`, with the `value` of a chosen option; None for a text that is not ours.

    The ids of the selects for answers and orders mean nothing: their options have the tokens.
    """
    if custom_id.startswith(_WRITE):
        step = Button.parse(custom_id.removeprefix(_WRITE))
        return WriteMessage(step=step) if step is not None else None
    if custom_id.startswith(_MINE_TOO):
        return MineToo(conversation=custom_id.removeprefix(_MINE_TOO))
    if custom_id.startswith(_OFFER):
        flow = value.removeprefix(_START) if value.startswith(_START) else ""
        return FlowOffer(user=custom_id.removeprefix(_OFFER), flow=flow)
    if custom_id.startswith(_HELP):
        what, _, user = custom_id.removeprefix(_HELP).partition(":")
        return HelpOffer.model_validate({"what": what, "user": user}) if what in _HELPS else None
    if custom_id.startswith(_OWN):
        return StartForMe(flow=custom_id.removeprefix(_OWN))
    if custom_id in (f"{_DIRECT}on", f"{_DIRECT}off"):
        return ChooseDirectMessages(wanted=custom_id == f"{_DIRECT}on")
    carried = value or custom_id
    return Order.parse(carried) or Button.parse(carried)
