"""Tests what every agents' place does with a ticket, through its real adapter: Slack, Discord and the web desk."""

import pytest

from flows.conversation import Status
from flows.orders import UNTILS
from flows.text.agent_phrases import phrase
from tests.contracts.support.agents_places import Place
from tests.stories.pairs.support.agent import NOTE
from tests.stories.pairs.support.customer import in_order

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_ticket_appears_with_all_that_is_known(place: Place) -> None:
    customer, agent = place.customer, place.max
    await customer.asks_for_a_person()
    await customer.says("It is the <blue> one")
    at = await customer.at()
    await agent.sees_at_a_glance("The lamp stays dark", f"#{at.ticket}")
    await agent.sees("Plug it in", "Still failing", "rather talk to a person", "blue")


async def test_a_reply_reaches_the_customer_with_the_agents_name_and_claims(place: Place) -> None:
    customer, agent = place.customer, place.max
    await customer.asks_for_a_person()
    await agent.replies("Is the <plug> *in*?")
    await customer.sees(agent.name, "Is the <plug> ")
    await customer.is_at(Status.WITH_AGENT, held_by=agent.name)
    await agent.sees_at_a_glance(agent.name)


async def test_replies_and_the_customers_answers_come_in_order(place: Place) -> None:
    customer, agent = place.customer, place.max
    await customer.asks_for_a_person()
    for number in range(3):
        await agent.replies(f"Question {number}")
        await agent.notes(f"between the lines {number}")
        await customer.says(f"Answer {number}")
    in_order(await customer.messages(), "Question 0", "Question 1", "Question 2")
    await agent.sees("Answer 0", "Answer 1", "Answer 2")


async def test_a_note_in_any_spelling_never_reaches_the_customer(place: Place) -> None:
    customer, agent = place.customer, place.max
    await customer.asks_for_a_person()
    for text in agent.spellings:
        async with customer.happens():
            line = await agent.note(text)
        await agent.sees_mark(line, "internal")
    await customer.is_at(Status.WAITING, held_by="")
    await place.no_note_was_sent()


async def test_a_note_that_is_edited_to_look_like_a_reply_stays_a_note(place: Place) -> None:
    customer, agent = place.customer, place.max
    await customer.asks_for_a_person()
    line = await agent.notes("they never paid")
    async with customer.happens():
        await agent.edit(line, f"{NOTE} they never pay")
    words = await place.product.app.store.conversations.words(customer.conversation)
    assert "never pay" in str(words)
    await place.no_note_was_sent()


async def test_assigned_released_and_assigned_again(place: Place) -> None:
    customer, agent = place.customer, place.max
    await customer.asks_for_a_person()
    await agent.gives("claim")
    await customer.is_at(Status.WITH_AGENT, held_by=agent.name)
    await agent.sees_at_a_glance(agent.name)
    await customer.may_press_nothing("Fixed it", "Whole", "Talk to a person")
    await agent.gives("release")
    await customer.is_at(Status.WAITING, held_by="")
    await customer.may_press("Whole")
    await place.kim.gives("claim")
    await customer.is_at(Status.WITH_AGENT, held_by=place.kim.name)


async def test_transferred_to_a_colleague_or_taken_over_by_one(place: Place) -> None:
    customer, agent, colleague = place.customer, place.max, place.kim
    await customer.asks_for_a_person()
    await agent.gives("claim")
    await agent.gives("transfer", agent=colleague)
    await customer.is_at(Status.WITH_AGENT, held_by=colleague.name)
    await agent.is_refused("claim", phrase("refused_held", who=colleague.name))
    async with customer.happens():
        await agent.take_over()
    await customer.is_at(Status.WITH_AGENT, held_by=agent.name)


async def test_the_assignee_is_alerted_once_for_a_burst_and_by_a_transfer(place: Place) -> None:
    customer, agent, colleague = place.customer, place.max, place.kim
    await customer.asks_for_a_person()
    await agent.replies("Is it plugged in?")
    await agent.is_alerted(0)
    for words in ("It is", "And now?"):
        await customer.says(words)
    await agent.sees("And now?")
    await agent.is_alerted(1)
    await colleague.is_alerted(0)
    await agent.gives("transfer", agent=colleague)
    await colleague.is_alerted(1)


async def test_transferred_to_another_team(place: Place) -> None:
    customer, agent = place.customer, place.max
    await customer.asks_for_a_person()
    await agent.gives("claim")
    await agent.gives("transfer", team="safety")
    await customer.is_at(Status.WAITING, team="safety", held_by="")


async def test_transferred_to_nobody_who_is_no_agent(place: Place) -> None:
    customer, agent = place.customer, place.max
    await customer.asks_for_a_person()
    await agent.gives("claim")
    before = await customer.at()
    await agent.does("transfer", agent=place.ben)
    await agent.is_told("agent")
    assert await customer.at() == before


async def test_handed_back_at_a_step_with_what_is_done(place: Place) -> None:
    customer, agent = place.customer, place.max
    await customer.asks_for_a_person()
    await agent.gives("claim")
    await agent.gives("back", step="switch", done=["bulb"])
    await customer.is_at(Status.GUIDING, "switch", held_by="")
    await customer.sees("Press the switch")
    await agent.sees_at_a_glance("With the bot", "Press the switch")
    screen = await place.product.app.look(customer.conversation)
    assert screen is not None
    assert [(row.step, row.by) for row in screen.tried] == [("plug", ""), ("bulb", agent.name)]
    await customer.presses("Fixed it")
    await customer.is_at(Status.RESOLVED)


async def test_another_guide_is_started_at_a_step(place: Place) -> None:
    customer, agent = place.customer, place.max
    await customer.asks_for_a_person()
    await agent.gives("claim")
    await agent.gives("guide", guide="fire", step="unplug")
    await customer.is_at(Status.GUIDING, "unplug")
    await customer.sees("Unplug it")
    assert (await customer.at()).flow == "fire"


async def test_the_customer_continues_the_guide_once_an_agent_lets_them(place: Place) -> None:
    customer, agent = place.customer, place.max
    await customer.asks_for_a_person()
    await agent.gives("claim")
    await customer.may_press_nothing("Continue the guide")
    await agent.gives("allow")
    await customer.presses("Continue the guide")
    await customer.is_at(Status.GUIDING, held_by="")
    await agent.sees("continued the guide, as an agent allowed")


async def test_resolved_with_a_reason_and_an_internal_note(place: Place) -> None:
    customer, agent = place.customer, place.max
    await customer.asks_for_a_person()
    await agent.gives("resolve", reason="Answered a question", text=f"{NOTE} on record")
    await customer.is_at(Status.RESOLVED)
    assert (await customer.at()).concluded == "Answered a question"
    await customer.may_press("It's happening again")
    await agent.sees(f"{NOTE} on record")
    await agent.sees_at_a_glance("Resolved")


async def test_resolved_without_a_note_and_back_with_the_same_agent(place: Place) -> None:
    customer, agent = place.customer, place.max
    await customer.asks_for_a_person()
    await agent.gives("claim")
    await agent.gives("resolve", reason="Answered a question")
    await customer.is_at(Status.RESOLVED)
    await customer.presses("It's happening again")
    await customer.is_at(Status.WITH_AGENT, held_by=agent.name)
    await agent.sees("reported it again")


async def test_an_agent_reopens_what_is_resolved(place: Place) -> None:
    customer, agent = place.customer, place.max
    await customer.asks_for_a_person()
    await agent.gives("resolve")
    await place.kim.gives("claim")
    await customer.is_at(Status.WITH_AGENT, held_by=place.kim.name)


async def test_snoozed_for_each_span_and_unsnoozed(place: Place) -> None:
    customer, agent = place.customer, place.max
    await customer.asks_for_a_person()
    for until in UNTILS:
        await agent.gives("snooze", until=until)
        assert (await customer.at()).snoozed == until
        await agent.sees_at_a_glance("Snoozed")
        await agent.gives("wake")
        assert (await customer.at()).snoozed == ""
    await agent.sees("unsnoozed this ticket")


async def test_a_message_from_the_customer_ends_the_snooze(place: Place) -> None:
    customer, agent = place.customer, place.max
    await customer.asks_for_a_person()
    await agent.gives("snooze")
    await customer.says("Are you there?")
    assert (await customer.at()).snoozed == ""


async def test_a_step_is_sent_as_a_message_without_buttons(place: Place) -> None:
    customer, agent = place.customer, place.max
    await customer.asks_for_a_person()
    await agent.gives("claim")
    await agent.gives("show", step="switch")
    await customer.sees("Press the switch")
    await customer.is_at(Status.WITH_AGENT, held_by=agent.name)
    await customer.may_press_nothing("Fixed it")


async def test_a_saved_reply_is_filled_in_and_sent(place: Place) -> None:
    customer, agent = place.customer, place.max
    await customer.asks_for_a_person()
    await agent.gives("reply", ready="thanks")
    await customer.sees(f"{agent.name}, for #{(await customer.at()).ticket}")


async def test_a_ticket_is_forwarded_by_email_without_the_notes(place: Place) -> None:
    customer, agent = place.customer, place.max
    await customer.asks_for_a_person()
    await agent.notes("she calls every week")
    received = len(place.vendor.received)
    await agent.gives("forward", team="maker")
    await agent.sees("forwarded this ticket to the lamp maker by email")
    mails = [one for one in place.vendor.received[received:] if one.headers["To"] == "help@lamps.example"]
    assert len(mails) == 1
    assert NOTE not in mails[0].text


async def test_a_reply_that_is_edited_and_deleted_is_so_for_the_customer(place: Place) -> None:
    customer, agent = place.customer, place.max
    await customer.asks_for_a_person()
    line = await agent.replies("Is it pluged in?")
    async with customer.happens():
        await agent.edit(line, "Is it plugged in?")
    await customer.sees("Is it plugged in?", "edited")
    assert "pluged" not in "\n".join(await customer.messages())
    async with customer.happens():
        await agent.delete("Is it plugged in?" if line == "Is it pluged in?" else line)
    assert "plugged" not in "\n".join(await customer.messages())


async def test_a_form_that_is_sent_twice_counts_once(place: Place) -> None:
    customer, agent = place.customer, place.max
    await customer.asks_for_a_person()
    async with customer.happens():
        await agent.reply_twice("Only once")
    await place.product.quiet()
    assert "\n".join(await customer.messages()).count("Only once") == 1


async def test_a_second_press_of_an_order_changes_nothing_the_customer_sees(place: Place) -> None:
    customer, agent = place.customer, place.max
    await customer.asks_for_a_person()
    await agent.gives("claim")
    shown = await customer.messages()
    await agent.does("claim")
    await place.product.quiet()
    assert await customer.messages() == shown
    assert await agent.told() == ""
