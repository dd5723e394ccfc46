"""Tours Slack: a person is one click away and takes over by writing, and the bot is silent."""

from flows.conversation import Status
from tests.adapters.slack.support.workspace import SUPPORT, Json, Office, open_office
from tests.fakes.slack import labels


async def asked(office: Office, thread: str = "") -> str:
    """Ana is at the second step; returns the thread."""
    thread = thread or await office.mention(office.ana, "lamp is dark")
    await office.press(office.ana, office.live(office.help, thread), "Still failing")
    return thread


def form_of(office: Office) -> Json:
    form = office.slack.view_of(office.ana)
    assert form is not None
    return form


def card(office: Office, thread: str) -> Json:
    """The newest message with the answers of a step."""
    return [one for one in office.slack.by_the_app(office.help, thread) if "Later" in labels(one)][-1]


async def test_talk_to_a_person_opens_the_ticket_in_that_click_and_then_the_form(office: Office) -> None:
    thread = await asked(office)
    await office.press(office.ana, card(office, thread), "Talk to a person")
    at = await office.at(office.help, thread)
    assert (at.status, at.reasons) == (Status.WAITING, ("asked",))
    told = office.slack.by_the_app(office.help, thread)[-1]
    assert told["text"].startswith(f"I opened ticket #{at.ticket} for the lamp maker.")
    assert labels(told) == ["Add details", "Summary"]
    assert form_of(office)["title"]["text"] == f"Ticket #{at.ticket} details"


async def test_the_form_may_be_dismissed_and_the_step_stays_usable(office: Office) -> None:
    thread = await asked(office)
    await office.press(office.ana, card(office, thread), "Talk to a person")
    await office.ana.closes(form_of(office))
    await office.press(office.ana, card(office, thread), "Whole")
    assert (await office.at(office.help, thread)).step == "switch"
    assert (await office.at(office.help, thread)).status is Status.WAITING


async def test_pressed_again_there_is_still_one_ticket_and_no_second_form(office: Office) -> None:
    thread = await asked(office)
    shown = card(office, thread)
    for _press in range(2):
        await office.press(office.ana, shown, "Talk to a person")
    assert [text.startswith("I opened ticket") for text in office.said(office.help, thread)].count(True) == 1
    assert len(office.slack.calls("views.open")) == 1


async def test_a_form_that_slack_does_not_open_costs_nothing_but_the_form(office: Office) -> None:
    thread = await asked(office)
    office.slack.faults.refuse("views.open", "expired_trigger_id")
    await office.press(office.ana, card(office, thread), "Talk to a person")
    assert (await office.at(office.help, thread)).ticket
    told = office.slack.by_the_app(office.help, thread)[-1]
    await office.press(office.ana, told, "Add details")
    assert form_of(office)["callback_id"] == "details"


async def test_what_is_filled_in_is_kept_for_the_person_with_its_files(office: Office) -> None:
    thread = await asked(office)
    await office.press(office.ana, card(office, thread), "Talk to a person")
    file = await office.ana.uploads("screen.png", b"pixels")
    described = {"id": file, "name": "screen.png", "mimetype": "image/png", "size": 6}
    filled = {"reason": "hosted", "text": "It hums.", "reach": "555 0100", "files": [described]}
    answer = await office.ana.submits(form_of(office), filled)
    await office.quiet()
    assert answer.acked
    assert office.slack.view_of(office.ana) is None
    at = await office.at(office.help, thread)
    assert at.reasons == ("asked", "hosted")
    assert (await office.words(at))[-1] == "It hums.\nHow to reach me: 555 0100"
    assert await office.files(at) == [(file, "screen.png", "image/png", 6)]
    assert office.said(office.help, thread)[-1] == f"Thanks. I added that to ticket #{at.ticket}."


async def test_sent_empty_the_form_is_taken_as_it_is(office: Office) -> None:
    thread = await asked(office)
    await office.press(office.ana, card(office, thread), "Talk to a person")
    assert (await office.ana.submits(form_of(office))).acked
    assert office.slack.view_of(office.ana) is None
    assert (await office.at(office.help, thread)).reasons == ("asked",)


async def test_with_the_store_down_the_form_stays_open_and_says_whom_to_write_to(office: Office) -> None:
    thread = await asked(office)
    await office.press(office.ana, card(office, thread), "Talk to a person")
    form = form_of(office)
    office.cut_the_store()
    answer = await office.ana.submits(form, {"text": "It hums."})
    office.mend_the_store()
    assert answer.payload is not None
    assert answer.payload["response_action"] == "errors"
    assert SUPPORT in answer.payload["errors"]["text"]
    assert form_of(office)["id"] == form["id"]
    assert (await office.ana.submits(form, {"text": "It hums."})).payload is None
    assert "It hums." in await office.words(await office.at(office.help, thread))


async def test_the_summary_can_be_copied(office: Office) -> None:
    thread = await asked(office)
    await office.press(office.ana, card(office, thread), "Talk to a person")
    told = office.slack.by_the_app(office.help, thread)[-1]
    await office.press(office.ana, told, "Summary")
    shown = str(form_of(office)["blocks"])
    assert "Plug it in" in shown
    assert "mailto:help@lamps.example" in shown


async def test_the_ticket_can_be_taken_back(office: Office) -> None:
    thread = await asked(office)
    await office.press(office.ana, card(office, thread), "Talk to a person")
    await office.write(office.ana, "back", thread)
    await office.press(office.ana, card(office, thread), "Cancel ticket")
    at = await office.at(office.help, thread)
    assert (at.status, at.ticket_open) == (Status.GUIDING, False)


async def test_after_an_exhausted_guide_it_may_still_work_now(office: Office) -> None:
    thread = await asked(office)
    for answer in ("Whole", "Still failing", "It works now"):
        await office.press(office.ana, office.live(office.help, thread), answer)
    at = await office.at(office.help, thread)
    assert (at.status, at.solved_by) == (Status.RESOLVED, "slack:T1:U1ANA")
    assert labels(office.live(office.help, thread))[0] == "It's happening again"


# ---------------------------------------------------------------- an agent takes over


async def test_an_agent_who_writes_in_a_private_channel_has_taken_over_and_the_bot_is_silent(
    office: Office,
) -> None:
    office.slack.workspace.channels[office.help].is_private = True
    thread = await asked(office)
    before = card(office, thread)
    await office.write(office.max, "Hi Ana, let me look.", thread)
    at = await office.at(office.help, thread)
    assert (at.status, at.holder, at.holder_name) == (Status.WITH_AGENT, "slack:T1:U9MAX", "max")
    assert all(not labels(one) for one in office.slack.by_the_app(office.help, thread))
    said = office.said(office.help, thread)
    assert said[-1] == "Look at the bulb · a person took over"
    await office.write(office.ana, "still failing", thread)
    await office.write(office.max, "Try another socket.", thread)
    assert office.said(office.help, thread) == said
    assert (await office.words(at))[-3:] == ["Hi Ana, let me look.", "still failing", "Try another socket."]
    await office.press(office.ana, before, "Whole")
    assert office.noted(office.ana) == ["You're talking to max. Reply below."]
    assert office.said(office.help, thread) == said


async def test_agents_of_a_user_group_take_over_as_well() -> None:
    async with open_office(agents=("S1",)) as office:
        office.slack.usergroup("S1", office.max.id)
        office.slack.workspace.channels[office.help].is_private = True
        thread = await office.mention(office.ana, "lamp is dark")
        await office.write(office.ben, "me too", thread)
        assert (await office.at(office.help, thread)).status is Status.GUIDING
        await office.write(office.max, "Hi Ana.", thread)
        assert (await office.at(office.help, thread)).status is Status.WITH_AGENT


async def test_in_a_public_channel_an_agents_line_pauses_the_guide_and_claims_nothing(office: Office) -> None:
    thread = await asked(office)
    before = card(office, thread)
    await office.write(office.max, "Same here.", thread)
    at = await office.at(office.help, thread)
    assert (at.status, at.holder, at.ticket) == (Status.GUIDING, "", 0)
    paused = office.slack.by_the_app(office.help, thread)[-1]
    assert labels(paused) == ["Continue the guide", "Talk to a person"]
    assert paused["text"].startswith("max is writing here")
    assert "Look at the bulb · paused" in office.said(office.help, thread)
    said = office.said(office.help, thread)
    await office.write(office.max, "Mine hums, too.", thread)
    await office.write(office.ana, "Since when?", thread)
    assert office.said(office.help, thread) == said
    await office.press(office.ana, before, "Whole")
    assert (await office.at(office.help, thread)).step == "bulb"
    await office.press(office.ben, paused, "Continue the guide")
    assert (await office.at(office.help, thread)).hushed
    await office.press(office.ana, paused, "Continue the guide")
    assert office.said(office.help, thread)[-1] == "Step 2 of 3: Look at the bulb"
    await office.write(office.max, "It may be the fuse.", thread)
    assert office.said(office.help, thread)[-1] == "Step 2 of 3: Look at the bulb"


async def test_a_channel_shared_with_the_customers_company_is_theirs(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark", office.theirs)
    await office.write(office.max, "Let me look.", thread, office.theirs)
    assert (await office.at(office.theirs, thread)).holder_name == "max"


async def test_a_stranger_is_no_agent_whatever_their_id(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark", office.theirs)
    twin = office.slack.person(office.max.id, name="Twin", team="T2")
    await office.write(twin, "I am Max.", thread, office.theirs)
    assert (await office.at(office.theirs, thread)).status is Status.GUIDING


async def test_an_agent_who_asks_for_help_is_a_customer(office: Office) -> None:
    thread = await office.mention(office.max, "lamp is dark")
    await office.write(office.max, "still failing", thread)
    at = await office.at(office.help, thread)
    assert (at.status, at.step) == (Status.GUIDING, "bulb")


async def test_what_an_agent_changes_afterwards_is_kept_as_it_is_now(office: Office) -> None:
    thread = await asked(office)
    ts = await office.write(office.max, "The password is swordfish1", thread)
    await office.max.edits(ts, "Let me look.")
    await office.quiet()
    assert (await office.words(await office.at(office.help, thread)))[-1] == "Let me look."
