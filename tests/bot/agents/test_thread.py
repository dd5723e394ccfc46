"""Tests what an agent's message, button and form do, on any platform."""

import itertools
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.agents.thread import AgentDesk, AgentThread
from bot.ports.agents import HeldReply, Reaction, ThreadEdit, ThreadLine
from flows.agent_forms import Answers, Chosen, Form, Who
from flows.conversation import Conversation, Status
from flows.orders import Order, Verb
from flows.text.agent_phrases import phrase
from tests.fakes.world import World

KIM = Who(actor="sent:kim", name="Kim", key="")
LEE = Who(actor="sent:lee", name="Lee", key="")

PRESSES = (f"press-{number}" for number in itertools.count())
"""Each press has a key of its own (law L1)."""


def now_by(who: Who) -> Who:
    """That agent, about to press something."""
    return who.model_copy(update={"key": next(PRESSES)})


@pytest.fixture
async def world() -> AsyncIterator[World]:
    opened = World()
    yield opened
    await opened.close()


@pytest.fixture
async def at(world: World) -> Conversation:
    return await world.start()


def thread_of(world: World, **how: Any) -> AgentThread:
    app = world.app
    return AgentThread(
        AgentDesk(
            receive=app.receive,
            dossier=app.reader.dossier,
            flow=app.reader.flow,
            saved=app.reader.replies,
            recipients=app.reader.recipients,
            status=app.reply_follower.of,
            teams=lambda: {"maker": "Lamp support"},
            guides=lambda: app.catalogue.flows,
            marks=world.store.marks,
            vault=world.store.vault,
        ),
        **how,
    )


async def now(world: World, at: Conversation) -> Conversation:
    found = await world.store.conversations.load(at.id)
    assert found is not None
    return found


def line(text: str, who: Who = KIM, key: str = "line") -> ThreadLine:
    return ThreadLine(who=who.model_copy(update={"key": key}), text=text, receipt=f"room:{key}")


async def test_a_plain_line_stays_among_agents(world: World, at: Conversation) -> None:
    assert await thread_of(world).line(at, line("Ask for the model")) == Reaction(mark="note")
    await world.app.outbox.idle()
    assert "Ask for the model" not in str(world.platform.texts("ana"))


async def test_a_line_after_the_mark_goes_to_the_customer_and_claims(world: World, at: Conversation) -> None:
    assert await thread_of(world).line(at, line("! Hello Ana")) == Reaction()
    await world.app.outbox.idle()
    assert "Hello Ana" in world.platform.texts("ana")[-1]
    assert (await now(world, at)).holder == KIM.actor


@pytest.mark.parametrize("text", ["!close it", "!help", "!!", "!snooze", "!reply Hello"])
async def test_what_may_be_a_command_is_noted_and_asked_about(
    world: World, at: Conversation, text: str
) -> None:
    reaction = await thread_of(world).line(at, line(text))
    assert reaction.mark == "note"
    assert reaction.menu or [order.verb for order in reaction.orders][:1] == ["send"]
    await world.app.outbox.idle()
    assert world.platform.texts("ana")[1:] == ["[Plug it in]"]


async def test_what_was_held_back_is_sent_once_whoever_presses(world: World, at: Conversation) -> None:
    thread = thread_of(world)
    asked = await thread.line(at, line("!reply Hello"))
    order = asked.orders[0]
    assert await thread.pressed(order, now_by(KIM)) == Reaction()
    assert await thread.pressed(order, now_by(LEE)) == Reaction(text=phrase("sent_already"))


async def test_a_refused_send_can_be_tried_again(world: World, at: Conversation) -> None:
    thread = thread_of(world)
    await thread.line(at, line("!claim", LEE))
    held = HeldReply(text="Hello")
    refused = await thread.send_once("room/5", at.id, now_by(KIM), held)
    assert [order.verb for order in refused.orders] == ["take"]
    assert await thread.pressed(refused.orders[0], now_by(KIM)) == Reaction()
    assert await thread.send_once("room/5", at.id, now_by(KIM), held) == Reaction()


async def test_the_second_of_two_agents_reads_who_has_it_and_can_take_over(
    world: World, at: Conversation
) -> None:
    thread = thread_of(world)
    claim = Order(verb="claim", conversation=at.id)
    assert await thread.pressed(claim, now_by(KIM)) == Reaction()
    second = await thread.pressed(claim, now_by(LEE))
    assert isinstance(second, Reaction)
    assert "Kim" in second.text
    assert await thread.pressed(second.orders[0], now_by(LEE)) == Reaction()
    assert (await now(world, at)).holder == LEE.actor


@pytest.mark.parametrize("verb", ["reply", "back", "resolve", "transfer", "show", "snooze", "guide"])
async def test_these_actions_ask_first(world: World, at: Conversation, verb: Verb) -> None:
    form = await thread_of(world).pressed(Order(verb=verb, conversation=at.id), now_by(KIM))
    assert isinstance(form, Form)
    assert form.fields
    assert form.title


async def test_with_no_one_to_forward_to_there_is_no_form(world: World, at: Conversation) -> None:
    reaction = await thread_of(world).pressed(Order(verb="forward", conversation=at.id), now_by(KIM))
    assert reaction == Reaction(text=phrase("no_recipient"))


async def test_a_guide_is_started_by_a_second_form_or_by_a_button(world: World, at: Conversation) -> None:
    order, chosen = Order(verb="guide", conversation=at.id), Answers(chosen={"guide": ("lamp",)})
    form = await thread_of(world).submitted(order, chosen, now_by(KIM))
    assert isinstance(form, Form)
    assert (form.order.verb, form.order.of) == ("back", "lamp")
    button = await thread_of(world, forms_follow=False).submitted(order, chosen, now_by(KIM))
    assert isinstance(button, Reaction)
    assert [(each.verb, each.of) for each in button.orders] == [("back", "lamp")]


@pytest.mark.parametrize(
    ("verb", "answers", "says"),
    [
        ("reply", Answers(), "write_first"),
        ("snooze", Answers(chosen={"until": ("for ever",)}), "choose_snooze"),
        ("transfer", Answers(), "choose_transfer"),
        ("transfer", Answers(chosen={"team": ("nobodys",)}), "choose_transfer"),
        (
            "transfer",
            Answers(agent=Chosen(actor="sent:ana", name="Ana", is_agent=False)),
            "not_an_agent_chosen",
        ),
        ("forward", Answers(), "choose_forward"),
        ("show", Answers(), "choose_other"),
        ("guide", Answers(chosen={"guide": ("gone",)}), "choose_other"),
    ],
)
async def test_a_form_that_means_nothing_says_why(
    world: World, at: Conversation, verb: Verb, answers: Answers, says: str
) -> None:
    reaction = await thread_of(world).submitted(Order(verb=verb, conversation=at.id), answers, now_by(KIM))
    assert reaction == Reaction(text=phrase(says))


async def test_forms_do_what_they_say(world: World, at: Conversation) -> None:
    thread = thread_of(world)
    await thread.pressed(Order(verb="claim", conversation=at.id), now_by(KIM))
    reply = Order(verb="reply", conversation=at.id)
    assert await thread.submitted(reply, Answers(text="Hello"), now_by(KIM)) == Reaction()
    resolve = Order(verb="resolve", conversation=at.id)
    assert await thread.submitted(resolve, Answers(chosen={"reason": ("Plug",)}), now_by(LEE)) != Reaction()
    assert await thread.submitted(resolve, Answers(chosen={"reason": ("Plug",)}), now_by(KIM)) == Reaction()
    assert (await now(world, at)).status is Status.RESOLVED


async def test_an_edit_of_an_unknown_message_is_said_to_be_unknown(world: World, at: Conversation) -> None:
    edit = ThreadEdit(of="never", key="e", text="New words", receipt="room:9", actor=KIM.actor)
    assert await thread_of(world).edited(at, edit) == Reaction(known=False)


async def test_an_edited_note_is_kept_as_it_is_now(world: World, at: Conversation) -> None:
    thread = thread_of(world)
    await thread.line(at, line("Ask for the modle", key="n"))
    edit = ThreadEdit(of="n", key="e", text="Ask for the model", receipt="room:n", actor=KIM.actor)
    assert await thread.edited(at, edit) == Reaction()
    dossier = await world.app.reader.dossier(at.id)
    assert dossier is not None
    assert "Ask for the model" in str(dossier.lines)


async def test_a_deleted_line_is_found_by_what_stands_there_when_no_author_is_told(
    world: World, at: Conversation
) -> None:
    thread = thread_of(world)
    await thread.line(at, line("A note", key="n"))
    edit = ThreadEdit(of="n", key="e", text="", receipt="room:n")
    assert await thread.edited(at, edit) == Reaction()


async def test_a_reply_that_no_longer_begins_as_one_stays(world: World, at: Conversation) -> None:
    thread = thread_of(world)
    await thread.line(at, line("! Hello", key="r"))
    edit = ThreadEdit(of="r", key="e", text="Hello", receipt="room:r", actor=KIM.actor)
    assert await thread.edited(at, edit) == Reaction(text=phrase("edit_unclear"))
