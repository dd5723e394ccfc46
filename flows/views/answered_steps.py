"""Lists the steps that a customer answered, as their screen shows them, without drawing the rest of the screen."""

from collections.abc import Mapping, Sequence

from flows.conversation import Conversation, Status
from flows.effects import Ask, Change
from flows.flow import Flow
from flows.prompts import Settings, headline
from flows.values import Frozen
from flows.views.quotes import STANDING
from flows.views.screen import pressed_label
from flows.views.walk import Frame, Walk


class AnsweredStep(Frozen):
    """The title of a step and the label of the answer."""

    title: str
    answer: str


def answered_steps(
    conversation: Conversation, rows: Sequence[Change], flows: Mapping[str, Flow], settings: Settings
) -> tuple[AnsweredStep, ...]:
    """Return the answers to earlier steps, oldest first; `flows` holds every revision that the rows were made with."""
    shown: list[Frame | str] = []
    live = None
    for frame in Walk(conversation.id).frames(rows, flows):
        if (label := pressed_label(frame.change.event, frame)) is not None:
            shown.append(label)
        for effect in frame.change.effects:
            if isinstance(effect, Ask) and effect.end != "agents":
                live = len(shown)
                shown.append(frame)
    if conversation.status is Status.WITH_AGENT and not conversation.prompt_effect:
        live = None  # an agent's reply that took the ticket has no card of its own
    step: Frame | None = None
    found: list[AnsweredStep] = []
    for index, each in enumerate(shown):
        if isinstance(each, Frame):
            step = each if index != live else step
        elif step is not None and each not in STANDING:
            title = headline(step.now, step.after, settings)
            found.append(AnsweredStep.trusted(title=title, answer=each))
    return tuple(found)
