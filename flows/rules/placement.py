"""Decides where a customer's words belong: in an open conversation, in a new one, or only the customer knows."""

from collections.abc import Sequence

from flows.catalogue import PICKER
from flows.conversation import Conversation, Status
from flows.flow import Flow
from flows.text.starts import recognise
from flows.text.understanding import understand
from flows.values import Frozen


class Placement(Frozen):
    """The place where words belong: the open conversation `at`, or else a new one in `flow` ('' for the picker).

    `asks` lists the open conversations to ask about if only the customer knows: *Is this about …, or something new?*
    """

    at: Conversation | None = None
    flow: str = ""
    asks: tuple[Conversation, ...] = ()


def placed_at_start(text: str, mine: Sequence[Conversation], flows: Sequence[Flow]) -> Placement:
    """Place words that a customer wrote to get help: on a start page, or with a command.

    `mine` are the customer's conversations there, the last changed one first. An error that a flow knows finds that
    flow. Words that no flow knows may be about anything that is open; where every open one still asks for the problem,
    they answer that.
    """
    under_way = [at for at in mine if not at.status.ended]
    found = recognise(flows, text)
    if found is None:
        naming = all(at.flow == PICKER and at.status is Status.GUIDING for at in under_way)
        return Placement(at=under_way[0]) if under_way and naming else Placement(asks=tuple(under_way))
    same = next((at for at in under_way if at.flow == found.flow), None)
    if same is None and under_way and _chooses(under_way[0]):
        same = under_way[0]
    return Placement(at=same, flow=found.flow)


def placed_by_choice(flow: str, mine: Sequence[Conversation]) -> Placement:
    """Place the choice of a flow, by its id, among the customer's conversations there, the last changed one first.

    A flow that is open there stays the only one, and a conversation that still asks for the problem takes the choice.
    """
    under_way = [at for at in mine if not at.status.ended]
    same = next((at for at in under_way if at.flow == flow), None)
    if same is None and under_way and under_way[0].flow == PICKER and under_way[0].status is Status.GUIDING:
        same = under_way[0]
    return Placement(at=same, flow=flow)


def placed_in_talk(
    text: str, mine: Sequence[Conversation], flows: Sequence[Flow], offered: Sequence[tuple[str, str]]
) -> Placement:
    """Place words that a customer wrote where they talk with the bot: in the last conversation, unless it only guides
    them and the words name another problem. `offered` are the ids and labels of its answers.
    """
    under_way = [at for at in mine if not at.status.ended]
    if not under_way:
        found = recognise(flows, text)
        return Placement(flow=found.flow if found else "")
    last = under_way[0]
    if last.status is not Status.GUIDING or _chooses(last) or understand(offered, text):
        return Placement(at=last)
    placement = placed_at_start(text, under_way, flows)
    return placement.model_copy(update={"at": last, "asks": ()}) if placement.asks else placement


def _chooses(at: Conversation) -> bool:
    """Return whether the customer has yet to choose a problem there: words that name one choose it."""
    return at.flow == PICKER and at.status is not Status.WITH_AGENT
