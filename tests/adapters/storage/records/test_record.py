"""Tests that a conversation survives as a flat hash, and a change as a line of text."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from adapters.storage.records.journal.rows import Before, journalled, row, unrow
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


spaced = st.text("ab !", max_size=4)


@given(
    choice=spaced,
    step=spaced,
    left=st.sampled_from(["a", "b", ""]),
    observe=st.dictionaries(spaced, spaced, max_size=2),
    turn=st.integers(4, 6),
    extra=st.sampled_from([{}, {"stamp": ("began_at",)}, {"cut": 0}, {"timers": ()}, {"take_ticket": True}]),
    brief=st.booleans(),
)
def test_a_plain_answer_comes_back_from_a_brief_line(
    choice: str,
    step: str,
    left: str,
    observe: dict[str, str],
    turn: int,
    extra: dict[str, Any],
    brief: bool,
) -> None:
    before = Before(version=3, at=1, contact="web:ana", turn=4, step="a")
    change = Change(
        event=Answered(actor="web:ana", turn=turn - 1, choice=choice),
        set={"turn": turn, "prompt_effect": "stem.0", "step": step},
        push=(left,),
        observe=observe,
        effects=(Ask(id="stem.0", turn=turn), Retire(id="stem.1", of="old.0", answer=choice)),
        cancels=True,
        version=4,
        at=8,
        **({"timers": (Timer(kind="nudge", after="nudge"),)} | extra),
    )
    assert unrow(f"[7,{row(change, before, brief=brief)}]", before) == journalled(change)


def test_a_plain_answer_is_one_text_and_an_older_release_gets_the_long_line() -> None:
    before = Before(version=3, at=1, contact="web:ana", turn=4, step="a")
    change = Change(
        event=Answered(actor="web:ana", turn=4, choice="yes"),
        set={"turn": 5, "prompt_effect": "stem.0", "step": "b"},
        push=("a",),
        observe={"lamp color": "yes"},
        effects=(Ask(id="stem.0", turn=5),),
        cancels=True,
        timers=(Timer(kind="nudge", after="nudge"),),
    )
    assert row(change, before) == '"stem yes b lamp color"'
    assert json.loads(row(change, before, brief=False)) == {
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
