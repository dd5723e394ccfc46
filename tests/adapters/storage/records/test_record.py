"""Tests that a conversation survives as a flat hash, and a change as a line of text."""

import json
from collections.abc import Mapping
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.storage.records.journal.before import Before
from adapters.storage.records.journal.rows import journalled, row, unrow
from adapters.storage.records.record import decode, encode, entry, unentry
from flows.conversation import Conversation, Status
from flows.effects import Ask, Change, Effect, Retire, Timer
from flows.events import Answered, Detailed, Said, Started
from tests.contracts.support.changes import changes, effects, numbers, plain, words

conversations = st.builds(
    Conversation,
    id=st.just("07aaaaaaaaaaaaaaaa"),
    version=numbers,
    turn=numbers,
    status=st.sampled_from(Status),
    flow=words,
    revision=words,
    step=words,
    exited=st.booleans(),
    path=st.lists(words, max_size=12).map(tuple),
    contact=words,
    name=words,
    locale=words,
    may_press=st.lists(words, max_size=3).map(tuple),
    holder=words,
    customer=words,
    agents=words,
    observations=st.dictionaries(words, words, max_size=3),
    prompt_effect=words,
    ticket=numbers,
    team=words,
    reasons=st.lists(words, max_size=3).map(tuple),
    solved_by=words,
    later=words,
    ticket_at=numbers,
    began_at=numbers,
    changed_at=numbers,
)


@given(conversation=conversations)
def test_a_conversation_comes_back_from_its_hash(conversation: Conversation) -> None:
    fields = encode(conversation)
    assert plain(decode(conversation.id, fields)) == plain(conversation)
    assert all(isinstance(part, str) for pair in fields.items() for part in pair)


def test_every_field_of_a_conversation_is_kept() -> None:
    """A field added to Conversation must be added to the hash, too."""
    full = Conversation.model_validate({name: _some(name) for name in Conversation.model_fields})
    assert plain(decode(full.id, encode(full))) == plain(full)


def _some(name: str) -> object:
    """Return a value that is not the default, of the field's type."""
    kinds: dict[str, object] = {
        "id": "07aaaaaaaaaaaaaaaa",
        "status": Status.CLOSED,
        "path": ("a", "b"),
        "reasons": ("a", "b"),
        "may_press": ("a", "b"),
        "suggested": ("a", "b"),
        "observations": {"a": "b"},
        "exited": True,
        "last_agent_gone": True,
        "rating_has_words": True,
        "keeps_guide": True,
    }
    return kinds.get(name, 7 if isinstance(Conversation.model_fields[name].default, int) else "some")


def test_defaults_take_no_room() -> None:
    assert encode(Conversation(id="07aaaaaaaaaaaaaaaa")) == {}


def test_an_unknown_field_of_a_later_version_is_left_alone() -> None:
    assert decode("07aaaaaaaaaaaaaaaa", {"v": "3", "zz": "?"}).version == 3


@given(
    change=changes,
    before=st.builds(
        Before, version=st.integers(0, 99), at=numbers, contact=words, turn=st.integers(0, 50), step=words
    ),
)
def test_a_change_comes_back_from_its_line_without_what_the_journal_leaves_out(
    change: Change, before: Before
) -> None:
    at = before.at + 7
    stamped = change.model_copy(
        update={"version": before.version + 1, "at": at, "ticket": 135 * change.take_ticket}
    )
    line = f"[7,{row(change, before)}{',135' * change.take_ticket}]"
    assert unrow(line, before) == journalled(stamped)


BEFORE: Final = Before(
    version=3, at=1, contact="web:ana", turn=4, step="a", revision="r", prompt_effect="old.0"
)
PLAIN: Final[dict[str, Any]] = {
    "event": {"type": "answered", "actor": "web:ana", "turn": 4, "choice": "yes"},
    "set": {"turn": 5, "prompt_effect": "stem.0", "step": "b"},
    "retire": {
        "kind": "retire",
        "id": "stem.1",
        "of": "old.0",
        "revision": "r",
        "step": "a",
        "answer": "yes",
    },
    "push": ("a",),
    "cancels": True,
    "timers": (Timer(kind="nudge", after="nudge"),),
    "version": 4,
    "at": 8,
}
spaced = st.text("ab +!", max_size=4)
DEVIATIONS: Final[dict[str, st.SearchStrategy[Any]]] = {
    "event.choice": spaced,
    "event.turn": st.integers(2, 6),
    "event.actor": st.just("desk:max"),
    "set.turn": st.integers(4, 6),
    "set.step": spaced,
    "set.status": st.just("waiting"),
    "retire": st.none(),
    "retire.of": spaced,
    "retire.revision": spaced,
    "retire.step": spaced,
    "retire.answer": spaced,
    "retire.suggested": st.just(("x",)),
    "push": st.sampled_from([(), ("b",), ("a", "a")]),
    "observe": st.dictionaries(spaced | st.just("lamp"), spaced | st.just("yes"), max_size=2),
    "stamp": st.just(("began_at",)),
    "cut": st.just(0),
    "timers": st.sampled_from([(), None]),
    "take_ticket": st.just(True),
    "promises": st.just(("unclaimed",)),
    "cancels": st.just(False),
}
"""What an answer may do that a plain one does not, by the place in `PLAIN`."""


def deviating(places: Mapping[str, Any]) -> Change:
    """Make a plain answer that has other values in these places."""
    fields = {name: dict(value) if isinstance(value, dict) else value for name, value in PLAIN.items()}
    for place in sorted(places, reverse=True):
        group, _, name = place.partition(".")
        (fields[group] if name else fields)[name or group] = places[place]
    retire = fields.pop("retire")
    asks = {"kind": "ask", "id": "stem.0", "turn": fields["set"]["turn"]}
    return Change.model_validate(fields | {"effects": [asks] if retire is None else [asks, retire]})


def comes_back(change: Change, brief: bool) -> bool:
    line = f"[7,{row(change, BEFORE, brief=brief)}{',135' * change.take_ticket}]"
    stamped = change.model_copy(update={"ticket": 135 * change.take_ticket})
    return unrow(line, BEFORE) == journalled(stamped)


@settings(max_examples=400)
@given(
    places=st.lists(st.sampled_from(sorted(DEVIATIONS)), unique=True, max_size=2).flatmap(
        lambda names: st.fixed_dictionaries({name: DEVIATIONS[name] for name in names})
    ),
    brief=st.booleans(),
)
def test_an_answer_that_is_almost_plain_comes_back_from_its_line(places: dict[str, Any], brief: bool) -> None:
    assert comes_back(deviating(places), brief)


@pytest.mark.parametrize(
    "places",
    [
        {},
        {"observe": {"lamp": "yes"}},
        {"observe": {"lamp": "no"}},
        {"observe": {"": "yes"}},
        {"observe": {"lamp": "yes", "bulb": "yes"}},
        {"event.choice": "a b", "retire.answer": "a b"},
        {"event.choice": "", "retire.answer": ""},
        {"set.step": "a b"},
        {"set.step": ""},
        {"set.turn": 6, "event.turn": 5},
        {"event.turn": 3},
        {"set.prompt_effect": "stem.9"},
    ],
    ids=str,
)
def test_each_deviation_from_a_plain_answer_comes_back(places: dict[str, Any]) -> None:
    assert comes_back(deviating(places), brief=True)


def test_a_plain_answer_is_one_text_and_an_older_release_gets_the_long_line() -> None:
    change = Change(
        event=Answered(actor="web:ana", turn=4, choice="yes"),
        set={"turn": 5, "prompt_effect": "stem.0", "step": "b"},
        push=("a",),
        observe={"lamp color": "yes"},
        effects=(Ask(id="stem.0", turn=5),),
        cancels=True,
        timers=(Timer(kind="nudge", after="nudge"),),
    )
    assert row(change, BEFORE) == '"stem yes b lamp color"'
    retire = Retire(id="stem.1", of="old.0", revision="r", step="a", answer="yes")
    sent = change.model_copy(update={"effects": (*change.effects, retire)})
    assert row(sent, BEFORE) == '"+stem yes b lamp color"'
    assert json.loads(row(change, BEFORE, brief=False)) == {
        "e": "!yes",
        "T": "stem",
        "s": {"st": "b"},
        "o": {"lamp color": "yes"},
    }


@given(secret=st.text("0123456789", min_size=9, max_size=9))
def test_what_people_wrote_is_in_no_line(secret: str) -> None:
    for event in (Started(text=secret), Said(text=secret), Detailed(text=secret, reach=secret)):
        assert secret not in row(Change(event=event), Before(contact="ana"))


@given(effect=effects, channel=st.from_regex(r"[a-z]+", fullmatch=True))
def test_an_effect_comes_back_from_its_lane(effect: Effect, channel: str) -> None:
    named = effect.model_copy(update={"id": "abc.0"})
    assert unentry(entry(named, channel)) == (named, channel)


def test_a_line_is_json_without_blanks() -> None:
    line = row(Change(event=Said(actor="ana"), observe={"colour": "red"}), Before(contact="ana"))
    assert json.dumps(json.loads(line), separators=(",", ":")) == line
