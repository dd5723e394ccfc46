"""Measures free text before it is decided about, so that the event brings its likeness and replay needs no encoder."""

from collections.abc import Mapping

from bot.ports import Encoder
from flows.catalogue import PICKER, Catalogue
from flows.conversation import Conversation, Status
from flows.events import Event, Said, Started
from flows.flow import Flow
from flows.screen_answers import ScreenAnswers, screen_answers
from flows.text.likely import excerpt
from flows.text.starts import descriptions, recognise


class LikenessMeter:
    """Fills in the likeness of what customers write, where it is not plain what they mean."""

    def __init__(self, encoder: Encoder | None = None) -> None:
        """Take the encoder; without one, plain phrases alone are understood."""
        self._encoder = encoder

    async def measured(self, event: Event, flow: Flow, at: Conversation, catalogue: Catalogue) -> Event:
        """Return the event with the likeness of its text; the event itself if the text needs none."""
        if self._encoder is None or not isinstance(event, (Said, Started)):
            return event
        screen = _screen(event, flow, at)
        if screen is None or not event.text or _is_plain(event.text, screen, catalogue):
            return event
        answers = screen.own_answers if not screen.starts else {}
        measured = await self._encoder.likeness(
            excerpt(event.text), answers, _described(catalogue) if screen.starts else {}
        )
        return event.model_copy(update={"likeness": measured})


def _screen(event: Said | Started, flow: Flow, at: Conversation) -> ScreenAnswers | None:
    """Return what the text is heard against; None if nothing hears it."""
    if isinstance(event, Started):
        return ScreenAnswers(starts=True) if not event.flow else None
    if at.status is Status.WITH_AGENT or at.hushed:
        return None
    return screen_answers(flow, at)


def _is_plain(text: str, screen: ScreenAnswers, catalogue: Catalogue) -> bool:
    if screen.plain(text) is not None:
        return True
    return screen.starts and recognise(catalogue.flows, text) is not None


def _described(catalogue: Catalogue) -> Mapping[str, tuple[str, ...]]:
    return {flow.id: descriptions(flow) for flow in catalogue.flows if flow.id != PICKER}
