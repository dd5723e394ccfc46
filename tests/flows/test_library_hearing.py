"""Tests what customers may type at the questions of the library's guides: other words, yes and no, other languages."""

from pathlib import Path
from typing import Final

import pytest

from flows.conversation import Conversation, Status
from flows.flow import Flow
from flows.screen_answers import screen_answers
from flows.text.secrets.masking import mask
from tests.flows.test_library import FILES, flow

HEARD: Final = {
    ("web-connector", "cant-open-it"): "it won't open · can't find it · no such menu · I can\u2019t open it",
    ("open-it", "open-now"): "yes · yep · it's open · It is up and running · はい · ja",
    ("open-it", "wont-open"): "no · nope · it doesn't open · nothing happens · still not open · nein · 開きません",
    ("every-min", "blank"): (
        "yes · Yes, it is. · it's empty · its empty · nothing in it · nothing there · there is nothing in it"
        " · no value · **blank** · yes it's blank · leer · vacío · vide · vazio · 空です · Hi, it's empty, thanks!"
    ),
    ("every-min", "has-a-value"): (
        "no · no, there's a number · it's not blank · 60 · 5 · it says 60 · a number · filled in · no it isn't · nein"
        " · nope · 数字があります · it is not empty"
    ),
    ("every-min-guide", "have-it"): "yes · I do · found it · it's open · sí · oui · yes I have it · I\u2019ve got it",
    ("every-min-guide", "dont-have-it"): "no · can't find it · lost it · I never got one · nein · no guide",
    ("password-guide", "have-it"): "yes · I have the guide · yeah · sim",
    ("password-guide", "dont-have-it"): "no · I can't find it · no idea where it is · no lo tengo · ありません",
    ("password", "dots"): (
        "stars · asterisks · bullets · black circles · there are dots · I see stars · it's filled in"
        " · something is in there · the password is hidden · Punkte · 黒丸 · it's not empty"
    ),
    ("password", "empty"): "it's blank · nothing in it · no dots · there are no stars · leer · nothing there",
    ("every-min-reset", "removed"): "I can't add it again · I removed it but I'm stuck · I can't add it back",
    ("printer-network", "has-address"): "yes · it does · 192.168.1.20 · there's an address · four numbers · sí",
    ("printer-network", "no-address"): "no · 0.0.0.0 · it says 0.0.0.0 · none · all zeros · not connected · it doesn't",
    ("printer-network-hint", "no-address"): "no · 0.0.0.0 · nothing",
}  # fmt: skip
"""What a step hears as an answer."""

UNHEARD: Final = {
    "computer-on": "yes it's on · my computer is on · no it's a laptop",
    "password": "yes · no · yes it does · 12345 · is it dots? · correcthorse · •••••• · •••••••• · it's hidden",
    "every-min-reset": "I can't finish it · I'm stuck · the setup guide doesn't work",
    "every-min": "is it blank? · it's up and running · it works · it's fixed now? · maybe blank",
    "every-min-guide": "where is it · what guide? · it's gone · should I have it?",
    "open-it": "should it be open? · it works",
    "printer-network": "what is that? · is it 0.0.0.0?",
}
"""What a step does not take for an answer."""


def guide_of(step: str) -> Flow:
    return next(guide for guide in map(flow, FILES) if step in guide.by_id)


def heard(step: str, text: str) -> str | None:
    """Return the answer that the words plainly give at a step, as the bot hears them: masked."""
    guide = guide_of(step)
    at = Conversation(
        id="c", flow=guide.id, revision=guide.revision, step=step, status=Status.GUIDING, turn=3
    )
    return screen_answers(guide, at).plain(mask(text, guide.by_id[step].secret))


ROWS: Final = [(step, words, choice) for (step, choice), row in HEARD.items() for words in row.split(" · ")]


@pytest.mark.parametrize(("step", "words", "choice"), ROWS)
def test_an_answer_is_heard_in_the_customers_own_words(step: str, words: str, choice: str) -> None:
    assert heard(step, words) == choice


@pytest.mark.parametrize(
    ("step", "words"), [(step, words) for step, row in UNHEARD.items() for words in row.split(" · ")]
)
def test_what_could_mean_something_else_is_not_taken_for_an_answer(step: str, words: str) -> None:
    assert heard(step, words) in (None, "cant-find")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_guide_is_described_in_customers_words(path: Path) -> None:
    assert 12 <= len(flow(path).heard) <= 25
