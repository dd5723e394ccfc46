"""Tests that the audit of a campaign finds nothing in a sound conversation, and names whatever is wrong in another."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest

from adapters.discord.render.effect_tag import mark
from bot.ports import Letter, Quarantined
from flows.effects import Tell
from flows.events import Answered, Claimed, Concluded, Escalated, Event, Noted, Replied, Said
from tests.chaos.campaign.audit import audited, replies_read
from tests.chaos.campaign.desk import SECRET
from tests.chaos.campaign.evidence import Evidence, Findings, Sent, by_tag, elsewhere
from tests.chaos.campaign.ledger import Act, Case
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


def _words_unread(one: Evidence) -> Evidence:
    return replace(one, agents=tuple(replace(sent, text=sent.text.replace(WORDS, "")) for sent in one.agents))


def _elsewhere(one: Evidence) -> Evidence:
    return replace(one, elsewhere=(replace(one.agents[0], place="C9OTHER"),))


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
        (_words_unread, "customers' words are read"),
        (_elsewhere, "each message arrives once"),
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


def _on_the_page(one: Evidence, *texts: str) -> Evidence:
    """Return the same conversation as a customer on the page had it, who was shown these texts at last."""
    state = {"state": {"messages": [{"text": text} for text in texts]}}
    case = replace(one.case, script=replace(one.case.script, place="page"), seen=[json.dumps(state)])
    return replace(one, case=case)


async def test_the_page_shows_each_reply_once_and_in_its_order() -> None:
    one, later = await sound(), "Here is reply number 7x9"
    case = replace(one.case, acts=[*one.case.acts, Act(0, "replied", later, answer="taken", settled=True)])
    two = replace(one, case=case)
    assert not list(replies_read(_on_the_page(two, REPLY, later)))
    for shown in ([later, REPLY], [REPLY, later, REPLY], [REPLY]):
        assert list(replies_read(_on_the_page(two, *shown)))


async def test_a_second_thread_for_a_ticket_is_found_wherever_it_is() -> None:
    one = await sound()
    named = replace(one, agents=tuple(replace(sent, message=f"C9/{sent.order}") for sent in one.agents))
    packet = named.agents[0]
    twin = replace(packet, place="1700.2", order=1, message="C9/1700.2")
    assert elsewhere(by_tag({"slack/1700.1": named.agents, "slack/C9": (packet,)}), named) == ()
    assert elsewhere(by_tag({"slack/1700.1": named.agents, "slack/1700.2": (twin,)}), named) == (twin,)


async def test_a_second_message_in_discord_is_found_by_its_number() -> None:
    one = await sound()
    there = tuple(replace(sent, platform="discord", message=f"{sent.order}") for sent in one.agents)
    packet = there[0]
    twin = replace(packet, effect=f"#{mark(packet.effect)}", place="9", message="99")
    twin = replace(twin, nonce=packet.effect)
    assert elsewhere(by_tag({"discord/9": (twin,)}), replace(one, agents=there)) == (
        replace(twin, effect=packet.effect),
    )
    another = replace(twin, nonce="of another.1")
    assert elsewhere(by_tag({"discord/9": (another,)}), replace(one, agents=there)) == ()


async def test_damaged_data_is_a_violation() -> None:
    one = await sound()
    entry = Quarantined(
        id="a",
        kind="timer",
        place="",
        reason="odd",
        raw="",
        conversation=one.case.conversation,
        moved=True,
        at=0,
    )
    assert {each.law for each in audited(Findings((one,), damaged=(entry,)))} == {"nothing is set aside"}
