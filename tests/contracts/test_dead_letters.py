"""Tests the port Outbox when things go wrong: canceled prompts, dead letters and their retry, receipts."""

import pytest

from adapters.storage.store import Store
from bot.ports import Unsure
from flows.effects import Ask
from tests.contracts.support.commits import HOUR, ask, begun, due_at, follow, record, taken, tell


async def test_a_new_prompt_cancels_those_nobody_began_and_leaves_the_rest(store: Store) -> None:
    before = await begun(store)
    at = (await record(store, ask(before, "began"))).conversation
    for commit in (ask, tell, ask):
        at = (await record(store, commit(at, f"{commit.__name__}-{at.version}"))).conversation
    waiting = [letter.effect for letter in await store.backlog.waiting()]
    assert [effect.kind for effect in waiting] == ["ask", "tell", "ask"]
    assert [effect.turn for effect in waiting if isinstance(effect, Ask)] == [2, at.turn]


async def test_a_prompt_that_may_have_been_sent_is_not_cancelled(store: Store) -> None:
    first = await record(store, ask(await begun(store), "a"))
    await store.outbox.give_back(first.leases[0], HOUR, unsent=False)
    await record(store, ask(first.conversation, "b"))
    assert [letter.effect.kind for letter in await store.backlog.waiting()] == ["ask", "ask"]


async def test_a_prompt_known_to_be_unsent_is_cancelled_and_its_lane_keeps_waiting(store: Store) -> None:
    first = await record(store, ask(await begun(store), "a"))
    await store.outbox.give_back(first.leases[0], HOUR, unsent=True)
    due = await due_at(store, first.conversation)
    second = await record(store, ask(first.conversation, "b"))
    assert second.leases == ()
    assert await due_at(store, first.conversation) == due
    (letter,) = await store.backlog.waiting()
    assert isinstance(letter.effect, Ask)
    assert letter.effect.turn == second.conversation.turn


async def test_cancelling_the_last_prompt_leaves_no_lane_behind(store: Store) -> None:
    first = await record(store, ask(await begun(store), "a"))
    await store.outbox.give_back(first.leases[0], HOUR, unsent=True)
    second = await record(store, follow(first.conversation, "b", change={"cancels": True}))
    assert await due_at(store, first.conversation) is None
    assert await store.backlog.waiting() == ()
    assert (await record(store, tell(second.conversation, "c"))).leases


async def test_a_dead_letter_is_kept_with_its_reason_and_the_next_effect_begins(store: Store) -> None:
    first = await record(store, tell(await begun(store), "a"))
    second = await record(store, tell(first.conversation, "b"))
    following = await store.outbox.bury(first.leases[0], "DMs closed", HOUR)
    assert following is not None
    assert following.attempts == 1
    (letter,) = await store.backlog.buried()
    assert (letter.effect, letter.reason, letter.attempts) == (first.leases[0].effect, "DMs closed", 1)
    assert (letter.conversation, letter.channel) == (first.conversation.id, "slack")
    assert letter.at >= second.conversation.changed_at
    assert await store.outbox.receipt(first.conversation.id, letter.effect.id) is None


async def test_a_dead_letter_can_be_put_back_once_behind_what_waits(store: Store) -> None:
    first = await record(store, tell(await begun(store), "a"))
    await record(store, tell(first.conversation, "b"))
    following = await store.outbox.bury(first.leases[0], "no", HOUR)
    assert following is not None
    effect = first.leases[0].effect
    assert await store.backlog.retry(effect.id)
    assert not await store.backlog.retry(effect.id)
    assert not await store.backlog.retry("unknown")
    assert await store.backlog.buried() == ()
    last = await store.outbox.done(following, "r", HOUR)
    assert last is not None
    assert (last.effect, last.attempts) == (effect, 1)


async def test_a_dead_letter_put_back_into_an_empty_lane_is_due_at_once(store: Store) -> None:
    first = await record(store, tell(await begun(store), "a"))
    assert await store.outbox.bury(first.leases[0], "no", HOUR) is None
    assert await store.backlog.retry(first.leases[0].effect.id)
    assert (await taken(store)).attempts == 1


async def test_a_receipt_is_known_when_sent_unsure_on_the_way_and_none_when_never_sent(store: Store) -> None:
    first = await record(store, ask(await begun(store), "a"))
    second = await record(store, tell(first.conversation, "b"))
    lease = first.leases[0]
    with pytest.raises(Unsure):
        await store.outbox.receipt(first.conversation.id, lease.effect.id)
    following = await store.outbox.done(lease, "message 17", HOUR)
    assert following is not None
    assert await store.outbox.receipt(first.conversation.id, lease.effect.id) == "message 17"
    assert await store.outbox.done(following, "", HOUR) is None
    assert await store.outbox.receipt(second.conversation.id, following.effect.id) is None
    assert await store.outbox.receipt(second.conversation.id, "never") is None
    assert await store.outbox.receipt("nonsense", "never") is None
