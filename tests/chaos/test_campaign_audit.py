"""Tests that the audit of a campaign finds nothing in a sound conversation, and names whatever is wrong in another."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest

from bot.ports import Letter
from flows.effects import Tell
from flows.events import Answered, Claimed, Concluded, Escalated, Event, Noted, Replied, Said
from tests.chaos.campaign.audit import audited
from tests.chaos.campaign.desk import SECRET
from tests.chaos.campaign.evidence import Evidence, Findings, Sent
from tests.chaos.campaign.ledger import Case
from tests.chaos.campaign.script import Script
from tests.fakes.world import World

AGENT: Final = "desk:max"
REPLY, NOTE, WORDS = (
    "Here is reply number 7x2",
    f"Here is note number 7x3 {SECRET}",
    "Here is words number 7x1",
)

Break = Callable[[Evidence], Evidence]


async def sound() -> Evidence:
    """Walk a customer to an agent and back, and gather what a faultless product leaves."""
    world, case = World(DESK_ROOM="slack:C9DESK"), Case(Script(7, "thread", 0, 1, "person"))
    at = await world.start()
    case.conversation, case.over = at.id, True
    acts: list[tuple[str, Event, str]] = [
        ("answered still-failing", Answered(turn=at.turn, choice="still-failing"), ""),
        ("escalate", Escalated(), ""),
        ("claimed", Claimed(actor=AGENT, name="Max"), ""),
        ("said", Said(text=WORDS), WORDS),
        ("replied", Replied(actor=AGENT, name="Max", text=REPLY), REPLY),
        ("noted", Noted(actor=AGENT, name="Max", text=NOTE), NOTE),
        ("concluded", Concluded(actor=AGENT, name="Max", reason="Answered a question"), ""),
    ]
    for what, event, text in acts:
        outcome = await world.send(event.model_copy(update={"conversation": at.id}))
        assert outcome is not None
        assert outcome.refusal is None
        act = case.act(what, text)
        act.answer, act.settled = "taken", True
    conversations, wire = world.store.conversations, world.store.wire
    journal, words = await conversations.journal(at.id), await conversations.words(at.id)
    seen = await wire.ask("HLEN", wire.keys.shard(at.id).seen + at.id)
    effects = [(effect, row) for row in journal for effect in row.effects]
    sent = [
        (effect.end, Sent("slack", effect.end, number, effect.id, _text(row.version, words)))
        for number, (effect, row) in enumerate(effects)
        if effect.kind in ("ask", "tell", "relay", "packet", "brief")
    ]
    record = await conversations.load(at.id)
    await world.close()
    return Evidence(
        case,
        record,
        journal,
        words,
        seen,
        tuple(one for end, one in sent if end == "customer"),
        tuple(one for end, one in sent if end == "agents"),
    )


def _text(version: int, words: object) -> str:
    known = dict(words)  # type: ignore[call-overload]  # a mapping
    return str(known[version].text) if version in known else ""


def laws(*each: Evidence, waiting: tuple[Letter, ...] = ()) -> set[str]:
    return {one.law for one in audited(Findings(each, waiting))}


async def test_a_sound_conversation_has_no_violation() -> None:
    one = await sound()
    assert audited(Findings((one,))) == []
    assert len(one.customer) > 3


def _without_a_row(one: Evidence) -> Evidence:
    return replace(one, journal=one.journal[:-1])


def _answered_twice(one: Evidence) -> Evidence:
    answered = next(row for row in one.journal if isinstance(row.event, Answered))
    return replace(one, journal=(*one.journal[:2], answered, *one.journal[2:]))


def _words_gone(one: Evidence) -> Evidence:
    return replace(one, words={version: said for version, said in one.words.items() if said.text != WORDS})


def _words_twice(one: Evidence) -> Evidence:
    (found,) = [said for said in one.words.values() if said.text == WORDS]
    return replace(one, words={**one.words, 99: found})


def _dropped(one: Evidence) -> Evidence:
    tells = {effect.id for row in one.journal for effect in row.effects if isinstance(effect, Tell)}
    return replace(one, customer=tuple(sent for sent in one.customer if sent.effect not in tells))


def _doubled(one: Evidence) -> Evidence:
    return replace(one, customer=(*one.customer, replace(one.customer[0], order=99)))


def _swapped(one: Evidence) -> Evidence:
    first, *others, last = one.agents
    moved = (replace(first, order=last.order), *others, replace(last, order=first.order))
    return replace(one, agents=moved)


def _reply_gone(one: Evidence) -> Evidence:
    return replace(one, customer=tuple(sent for sent in one.customer if sent.text != REPLY))


def _note_sent(one: Evidence) -> Evidence:
    return replace(one, customer=(*one.customer, Sent("slack", "customer", 99, "", NOTE)))


def _note_shown(one: Evidence) -> Evidence:
    return replace(one, shown=(NOTE,))


@pytest.mark.parametrize(
    ("broken", "law"),
    [
        (_without_a_row, "the journal replays"),
        (_answered_twice, "a click counts once"),
        (_words_gone, "what is acknowledged is recorded"),
        (_words_twice, "what is acknowledged is recorded"),
        (_dropped, "each message arrives once"),
        (_doubled, "each message arrives once"),
        (_swapped, "messages arrive in order"),
        (_reply_gone, "replies are read"),
        (_note_sent, "no note leaks"),
        (_note_shown, "no note leaks"),
    ],
)
async def test_the_audit_names_what_is_wrong(broken: Break, law: str) -> None:
    assert law in laws(broken(await sound()))


async def test_a_second_copy_that_slack_could_not_prevent_is_no_violation() -> None:
    twice = _doubled(await sound())
    assert laws(replace(twice, excused=frozenset([twice.customer[0].effect]))) == set()


async def test_what_still_waits_at_the_end_is_a_violation() -> None:
    one = await sound()
    letter = Letter(
        conversation=one.case.conversation,
        lane="a",
        channel="slack",
        effect=one.journal[0].effects[0],
        attempts=1,
        at=0,
    )
    assert laws(one, waiting=(letter,)) == {"nothing waits for ever"}


async def test_two_conversations_with_one_ticket_number_are_a_violation() -> None:
    one = await sound()
    assert "one ticket, one number" in laws(one, one)
