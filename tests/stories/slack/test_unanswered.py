"""Tours Slack: no customer is ignored, even at night: a question without an answer gets a ticket for a press."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.desk.growth_limits import WORDS
from bot.person_limits import MOST, HourlyLimits
from bot.unanswered import PATIENCE_MS
from bot.wiring.app import now
from flows.conversation import Status
from tests.adapters.slack.support.workspace import Office, open_office
from tests.fakes.slack import labels

QUESTION = "does anybody know why our invoices look odd?"
BUTTONS = ["Open a ticket", "Choose a problem"]
TOMORROW = datetime.now(UTC) + timedelta(days=2)
AWAY = f"{TOMORROW:%a} 09:00-17:00 UTC"
"""Office hours that begin the day after tomorrow: the team is away now, whenever the test runs."""


@pytest.fixture
async def night() -> AsyncIterator[Office]:
    """An office in which help is offered in shared channels, while the team is away."""
    async with open_office(SLACK_OFFER_IN="shared", DESK_HOURS=AWAY) as opened:
        yield opened


async def offers(office: Office, later_ms: int = 0) -> None:
    """Look for unanswered questions as a worker does, that much later than now."""
    await office.app.unanswered.offer(office.app.platforms.offerers(), now() + later_ms)
    await office.quiet()


@pytest.mark.row("slack", "No one answers a customer from another company")
@pytest.mark.row("slack", "Someone else presses the customer's *Open a ticket*")
async def test_at_night_a_customers_question_is_a_ticket_after_one_press(night: Office) -> None:
    asked = await night.write(night.cleo, QUESTION, channel=night.theirs)
    await night.write(night.cleo, "it began in May", channel=night.theirs)
    assert QUESTION not in str(await night.store.bookmarks.all("unanswered/slack")), "no words are kept"
    await night.restart()
    await offers(night)
    await offers(night)
    offer = night.live(night.theirs, asked)
    assert labels(offer) == BUTTONS
    assert f"will be back on {TOMORROW:%A} at 9:00 (UTC)" in str(offer["text"])

    await night.press(night.ben, offer, "Open a ticket")
    assert night.noted(night.ben) == ["Only the person who asked can choose here."]
    await night.press(night.ben, night.slack.shown_to(night.ben)[-1], "Start this for me")
    assert len(await night.of(night.ben)) == 1

    await night.press(night.cleo, offer, "Open a ticket")
    (at,) = await night.of(night.cleo)
    assert (at.status, at.reasons, at.customer) == (
        Status.WAITING,
        ("asked",),
        f"slack|T1|C2SHARED|{asked}|U3CLEO",
    )
    assert await night.words(at) == [f"{QUESTION}\n\nit began in May"]
    first, second, *_ = night.said(night.theirs, asked)
    assert first == "OK. A person from our team will reply here."
    assert f"I opened ticket #{at.ticket}" in second
    await night.press(night.cleo, offer, "Open a ticket")
    assert len(await night.of(night.cleo)) == 1


async def test_in_office_hours_people_have_ten_minutes_and_then_the_problems_are_offered() -> None:
    async with open_office(SLACK_OFFER_IN="shared") as office:
        asked = await office.write(office.cleo, QUESTION, channel=office.theirs)
        await offers(office)
        assert not office.slack.by_the_app(office.theirs)
        office.slack.faults.lose_answer("chat.postMessage")
        for _again in range(2):  # the line whose answer was lost is found in the thread
            await office.store.marks.clear(f"unanswered/slack/T1/{office.theirs}/{asked}")
            await offers(office, PATIENCE_MS)
        offer = office.live(office.theirs, asked)
        assert str(offer["text"]).startswith("No one has replied yet.")
        await office.press(office.cleo, offer, "Choose a problem")
        (at,) = await office.of(office.cleo)
        assert (at.status, at.flow) == (Status.GUIDING, "picker")


@pytest.mark.row("slack", "Someone answered, or the message is gone, when the line is due")
@pytest.mark.parametrize("answers", ["in the thread", "in the channel", "unheard"])
async def test_a_question_that_someone_answers_gets_no_offer(answers: str) -> None:
    async with open_office(SLACK_OFFER_IN="shared") as office:
        asked = await office.write(office.cleo, QUESTION, channel=office.theirs)
        await office.write(office.cleo, "anybody?", asked, channel=office.theirs)
        match answers:
            case "in the thread":
                await office.write(office.ben, "I'll have a look", asked, channel=office.theirs)
            case "in the channel":
                await office.write(office.ben, "Cleo, I'll have a look", channel=office.theirs)
            case _:  # no process hears of it
                office.slack.faults.swallow_events()
                await office.ben.writes(office.theirs, "I'll have a look", thread=asked)
        await office.quiet()
        await offers(office, PATIENCE_MS)
        assert not office.slack.by_the_app(office.theirs)


async def test_a_greeting_is_no_question_a_deleted_reply_no_answer_and_either_button_leads_to_a_ticket(
    night: Office,
) -> None:
    await night.write(night.cleo, "Hi!", channel=night.theirs)
    await night.write(night.cleo, "Thanks, it works now", channel=night.theirs)
    assert not await night.store.bookmarks.all("unanswered/slack")
    asked = await night.write(
        night.cleo, f"<@{night.ben.id}>, why do *our* invoices look odd?", channel=night.theirs
    )
    reply = await night.write(night.cleo, "anybody?", asked, channel=night.theirs)
    await night.cleo.deletes(reply)
    await night.quiet()
    await offers(night)
    offer = night.live(night.theirs, asked)
    await night.press(night.cleo, offer, "Choose a problem")
    await night.press(night.cleo, offer, "Open a ticket")  # on another device, which still shows the buttons
    (at,) = await night.of(night.cleo)
    assert (at.status, at.reasons) == (Status.WAITING, ("asked",))
    assert (await night.words(at))[0] == "@ben, why do our invoices look odd?"
    kept = await night.store.conversations.words(at.id)
    assert any(spoken.styled for spoken in kept.values()), "formatting is kept"


async def test_an_error_that_gets_no_guide_so_soon_after_another_is_not_ignored() -> None:
    async with open_office(SLACK_OFFER_IN="shared") as office:
        await office.write(office.ben, "my lamp is dark", channel=office.theirs)
        asked = await office.write(office.cleo, "our lamp is dark, too", channel=office.theirs)
        assert len(office.slack.by_the_app(office.theirs)) == 1
        await office.store.marks.clear(f"offers/slack/T1/{office.theirs}")  # ten minutes later
        await offers(office, PATIENCE_MS + 60_000)  # it was written after the first offer was read
        assert labels(office.live(office.theirs, asked)) == BUTTONS


async def test_colleagues_are_not_asked_nor_is_anyone_where_offers_are_off() -> None:
    async with open_office(SLACK_OFFER_IN="shared #c1help", DESK_HOURS=AWAY) as office:
        await office.write(office.ana, QUESTION, channel=office.help)
        await office.mention(office.ben, "offers off", office.theirs)
        await office.write(office.cleo, QUESTION, channel=office.theirs)
        await offers(office)
        assert not office.slack.by_the_app(office.help)
        assert not office.slack.by_the_app(office.theirs)


@pytest.mark.row("slack", "Someone who is no agent chooses *Open ticket* on a message")
async def test_an_agent_opens_a_ticket_for_the_author_of_any_message(office: Office) -> None:
    picture = ("screen.png", b"png")
    asked = await office.write(office.cleo, QUESTION, channel=office.theirs, files=[picture])
    for who in (office.ben, office.max):
        answer = await who.uses_shortcut("open_ticket", message=asked)
        assert answer.acked
        await office.quiet()
    (at,) = await office.of(office.cleo)
    assert (at.status, at.reasons) == (Status.WAITING, ("by_agent",))
    assert (await office.words(at), [name for _, name, *_ in await office.files(at)]) == (
        [QUESTION],
        ["screen.png"],
    )
    assert office.said(office.theirs, asked)[0].startswith(
        f"I opened ticket #{at.ticket} with our support team"
    )
    assert office.noted(office.ben) == [
        "Only agents can open a ticket for someone else. To get help yourself, mention me."
    ]
    assert office.noted(office.max)[-1] == f"I opened ticket #{at.ticket} for the author of that message."

    await office.max.uses_shortcut("open_ticket", message=asked)
    await office.quiet()
    assert office.noted(office.max)[-1] == f"This conversation already has ticket #{at.ticket}."


@pytest.mark.row("slack", "An agent chooses *Open ticket* on a message in a direct message without the bot")
async def test_in_direct_messages_an_agent_reads_no_promise_of_a_ticket_that_is_not_there(
    office: Office,
) -> None:
    own = await office.write(office.max, "lamp is dark")
    await office.max.uses_shortcut("open_ticket", message=own)
    await office.quiet()
    (at,) = await office.of(office.max)
    assert (at.status, at.reasons) == (Status.WAITING, ("by_agent",))
    assert office.noted(office.max)[-1] == f"I opened ticket #{at.ticket} for the author of that message."
    office.slack.faults.refuse("chat.postEphemeral", "channel_not_found")
    await office.max.uses_shortcut("open_ticket", message=await office.write(office.ana, "hello"))
    await office.quiet()
    assert office.noted(office.max)[-1] == (
        "I can't write in that direct message. Ask its author to message me."
    )


@pytest.mark.row("slack", "A customer from another company declines the guide that the bot offered")
async def test_a_customer_who_declines_a_guide_can_open_a_ticket_instead() -> None:
    async with open_office(SLACK_OFFER_IN="shared") as office:
        asked = await office.write(office.cleo, "our lamp is dark", channel=office.theirs)
        await office.press(office.cleo, office.live(office.theirs, asked), "No, thanks")
        offer = office.live(office.theirs, asked)
        assert (labels(offer), offer["text"]) == (
            ["Open a ticket"],
            "OK. Our team can reply here if you open a ticket.",
        )
        await office.press(office.cleo, offer, "Open a ticket")
        (at,) = await office.of(office.cleo)
        assert (at.status, await office.words(at)) == (Status.WAITING, ["our lamp is dark"])


async def test_a_guide_that_runs_already_gets_the_agents_ticket(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    beside = await office.write(office.ben, "same here", thread)
    await office.max.uses_shortcut("open_ticket", message=beside)
    await office.quiet()
    assert office.noted(office.max)[-1] == "A conversation is already open here."
    await office.max.uses_shortcut("open_ticket", message=thread)
    await office.quiet()
    (at,) = await office.of(office.ana)
    assert (at.status, at.reasons, at.flow) == (Status.WAITING, ("by_agent",), "lamp")


@pytest.mark.row("slack", "Someone starts too many conversations within an hour")
async def test_one_person_starts_so_much_in_an_hour_and_is_told_when_more_is_possible(office: Office) -> None:
    limits = HourlyLimits(office.store.allowances)
    for what in MOST:
        for number in range(MOST[what]):
            await limits.check("slack:T1:U1ANA", what, f"earlier {number}")
    many = "You've started many guides in the last hour. You can start another one in 1 h."
    await office.mention(office.ana, "lamp is dark")
    await office.write(office.ana, "lamp is dark")
    answer = await office.ana.runs("/fix", "lamp is dark")
    assert answer.payload is not None
    assert answer.payload["text"] == many
    asked = await office.write(office.ben, "lamp is dark", channel=office.help)
    await office.ana.uses_shortcut("troubleshoot", message=asked)
    await office.quiet()
    assert (office.noted(office.ana)[0], office.said(office.ana.dm)) == (many, [many])
    assert office.noted(office.ana)[-1].startswith("You've asked me to help many people in the last hour.")
    assert not [*await office.of(office.ana), *await office.of(office.ben)]


async def test_a_customer_is_told_that_a_conversation_takes_no_more_words_today(office: Office) -> None:
    await office.write(office.ana, "lamp is dark")
    (at,) = await office.of(office.ana)
    await office.store.budgets.spend({f"conversation/{at.id}": (WORDS.cost(WORDS.at_once),)})
    await office.write(office.ana, "it began on Monday")
    assert any("more than I can take" in said for said in office.noted(office.ana))
    assert (await office.of(office.ana))[0].version == at.version
