"""Tests random actions in random order: every press is handled, one prompt is live, and nothing breaks."""

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.button import Button
from flows.conversation import Status
from tests.adapters.slack.support.workspace import Json, Office, open_office
from tests.fakes.slack import Person, labels

WORDS = (
    "works now",
    "still failing",
    "back",
    "human please",
    "it hums <!channel>",
    "it's back",
    "start over",
    "",
)
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["press", "press", "press", "write", "edit", "delete", "fill"]), st.integers(0, 99)
    ),
    min_size=5,
    max_size=25,
)


class Crowd:
    """Ana, Ben and Max in one thread; each act picks a person and a thing by a number."""

    def __init__(self, office: Office, thread: str) -> None:
        self.office, self.thread = office, thread
        self.people = (office.ana, office.ana, office.ben, office.max)
        self.seen: list[Json] = []
        self.written: list[tuple[Person, str]] = []

    async def act(self, what: str, number: int) -> None:
        person = self.people[number % len(self.people)]
        await getattr(self, what)(person, number)
        await self.office.quiet()
        self.seen += self.office.slack.by_the_app(self.office.help, self.thread)

    async def press(self, person: Person, number: int) -> None:
        """Any button that was ever on anybody's screen."""
        shown = [*self.seen, *self.office.slack.shown_to(person)]
        found = [(one, label) for one in shown for label in labels(one)]
        if found:
            one, label = found[-1 - number % len(found)]
            answer = await person.presses(one, label)
            assert answer.acked, (label, answer)

    async def write(self, person: Person, number: int) -> None:
        words = WORDS[number % len(WORDS)]
        ts = await person.writes(self.office.help, words, thread=self.thread)
        self.written.append((person, ts))

    async def edit(self, _person: Person, number: int) -> None:
        if self.written:
            person, ts = self.written[number % len(self.written)]
            await person.edits(ts, WORDS[number % len(WORDS)])

    async def delete(self, _person: Person, number: int) -> None:
        if self.written:
            person, ts = self.written.pop(number % len(self.written))
            await person.deletes(ts)

    async def fill(self, person: Person, number: int) -> None:
        view = self.office.slack.view_of(person)
        if view is not None and view["submit"] is not None:
            values: dict[str, Any] = {"text": WORDS[number % len(WORDS)]}
            assert (await person.submits(view, values)).acked

    async def check(self) -> None:
        """At most one message is about the turn that is now, and it is the newest of the prompts."""
        at = await self.office.at(self.office.help, self.thread)
        posted = self.office.slack.by_the_app(self.office.help, self.thread)
        asking = [one["ts"] for one in posted if answers(one)]
        # Nothing asks while an agent is assigned, or writes in this public thread and the guide is paused.
        silent = at.status is Status.WITH_AGENT or at.hushed
        assert len(asking) == (0 if silent else 1), [one["text"] for one in posted]
        assert self.office.slack.workspace.reused_block_ids == []
        assert all(one.acked for one in self.office.slack.deliveries)
        assert not await self.office.store.backlog.buried()


def answers(shown: Json) -> bool:
    """Whether a message can be answered: it has a choice, or brings the problem back. A suggestion is beside it."""
    elements = [one for block in shown.get("blocks", ()) for one in block.get("elements", ())]
    found = [Button.parse(one.get("value", "")) for one in elements if one.get("type") == "button"]
    meanings = {one.built_in for one in found if one is not None}
    return "dismiss" not in meanings and bool(meanings & {None, "reopen"})


async def walked(acts: list[tuple[str, int]]) -> None:
    async with open_office() as office:
        crowd = Crowd(office, await office.mention(office.ana, "lamp is dark"))
        crowd.seen += office.slack.by_the_app(office.help)
        for what, number in acts:
            await crowd.act(what, number)
        await crowd.check()


@pytest.mark.timeout(300)
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(ACTS)
def test_whatever_people_do_one_prompt_is_live_and_every_press_is_heard(acts: list[tuple[str, int]]) -> None:
    asyncio.run(walked(acts))
