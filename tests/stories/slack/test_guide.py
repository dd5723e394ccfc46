"""Tours Slack: a customer walks a guide step by step, with every turn that is possible."""

import pytest

from flows.catalogue import Catalogue
from flows.conversation import Status
from flows.flow import Choice, Flow, Step, Team
from tests.adapters.slack.support.workspace import Office, open_office
from tests.fakes.flows import FIXED_IT, MAKER, catalogue
from tests.fakes.slack import labels


def rainbow() -> Flow:
    """A flow whose first question has more answers than there is room for buttons."""
    colours = ("Red", "Orange", "Yellow", "Green", "Blue", "Violet", "Black")
    choices = tuple(Choice(id=colour.lower(), label=colour, to="swap") for colour in colours)
    return Flow(
        id="rainbow",
        title="The lamp has the wrong colour",
        start=("wrong colour",),
        teams=(Team(id="maker", name="the lamp maker", email="help@lamps.example", external=True),),
        escalate=MAKER,
        steps=(
            Step(id="colour", title="Which colour is it?", text="Look.", observes=True, choices=choices),
            Step(id="swap", title="Swap it", text="Swap.", choices=(FIXED_IT,)),
        ),
    )


async def walk(office: Office, thread: str, *answers: str) -> None:
    """Ana presses one answer after the other."""
    for answer in answers:
        await office.press(office.ana, office.live(office.help, thread), answer)


async def test_the_shortest_path_is_one_press(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    await walk(office, thread, "Fixed it")
    assert office.said(office.help, thread) == [
        "Two sentences on lamps.",
        "Plug it in · Fixed it",
        "Solved",
    ]
    assert labels(office.live(office.help, thread))[0] == "It's happening again"
    assert (await office.at(office.help, thread)).solved_by == "slack:T1:U1ANA"


async def test_the_longest_path_ends_with_a_ticket_its_form_and_its_summary(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    await walk(office, thread, "Still failing", "Broken", "Still failing", "Still failing")
    assert office.said(office.help, thread) == [
        "Two sentences on lamps.",
        "Plug it in · Still failing",
        "Look at the bulb · Broken",
        "Put in a new bulb · Still failing",
        "Press the switch · Still failing",
        "Email the lamp maker",
    ]
    form = office.slack.view_of(office.ana)
    assert form is not None
    assert form["title"]["text"] == f"Ticket #{(await office.at(office.help, thread)).ticket} details"
    waiting = labels(office.live(office.help, thread))
    assert {"It works now", "Add details", "Summary", "Back"} <= set(waiting)


async def test_the_next_step_is_a_new_message_and_the_old_one_a_line_without_buttons(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    before = office.live(office.help, thread)
    await walk(office, thread, "Still failing")
    after = office.slack.message(before["ts"])
    assert after["text"] == "Plug it in · Still failing"
    assert [block["type"] for block in after["blocks"]] == ["context"]
    assert labels(after) == []
    old = {block["block_id"] for block in before["blocks"]}
    assert not old & {block["block_id"] for block in after["blocks"]}
    assert office.slack.workspace.reused_block_ids == []
    assert office.live(office.help, thread)["ts"] > before["ts"]


async def test_back_shows_the_step_before_and_start_over_the_first(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    assert "Back" not in labels(office.live(office.help, thread))
    await walk(office, thread, "Still failing", "Broken", "Back")
    assert office.said(office.help, thread)[-1] == "Step 2 of 3: Look at the bulb"
    await walk(office, thread, "Start over")
    assert office.said(office.help, thread)[-2:] == [
        "Look at the bulb · Start over",
        "Step 1 of 3: Plug it in",
    ]


@pytest.mark.parametrize(
    ("until", "told"),
    [
        ("In an hour", "OK, I'll check in with you in an hour."),
        ("Tomorrow", "OK, I'll check in with you tomorrow."),
        ("When I'm back at that computer", "OK, I'll wait until you're back at that computer."),
    ],
)
async def test_later_asks_how_much_later_and_keeps_the_place(office: Office, until: str, told: str) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    before = office.live(office.help, thread)
    await walk(office, thread, "Later")
    form = office.slack.view_of(office.ana)
    assert form is not None
    answer = await office.ana.submits(form, {"until": until})
    await office.quiet()
    assert answer.acked
    assert office.slack.view_of(office.ana) is None
    assert told in office.said(office.help, thread)[-1]
    assert office.live(office.help, thread)["ts"] == before["ts"]
    await walk(office, thread, "Still failing")


async def test_later_may_be_thought_better_of(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    await walk(office, thread, "Later")
    form = office.slack.view_of(office.ana)
    assert form is not None
    await office.ana.closes(form)
    assert len(office.said(office.help, thread)) == 2


async def test_who_cannot_find_what_a_step_names_gets_a_person_and_the_reason_is_kept(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    await walk(office, thread, "Still failing", "I can't find this")
    at = await office.at(office.help, thread)
    assert (at.status, at.reasons) == (Status.WAITING, ("cannot_find",))
    assert at.ticket


async def test_a_choice_may_lead_into_another_flow_and_back(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    await walk(office, thread, "Still failing", "It smells of smoke")
    assert (await office.at(office.help, thread)).flow == "fire"
    await walk(office, thread, "Back")
    assert office.said(office.help, thread)[-1] == "Step 2 of 3: Look at the bulb"


async def test_more_than_five_answers_are_a_menu(office: Office) -> None:
    shelf = Catalogue(flows=(*catalogue().flows, rainbow()))
    async with open_office(shelf) as bright:
        thread = await bright.mention(bright.ana, "it has the wrong colour")
        kinds = [
            element["type"]
            for block in bright.live(bright.help, thread)["blocks"]
            for element in block.get("elements", ())
            if block["type"] == "actions"
        ]
        assert kinds == ["static_select", "overflow"]
        await walk(bright, thread, "Violet", "Fixed it")
        assert bright.said(bright.help, thread)[:2] == ["Which colour is it? · Violet", "Swap it · Fixed it"]


async def test_after_the_end_it_can_be_back(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    await walk(office, thread, "Still failing", "Whole", "Fixed it", "It's happening again")
    assert office.said(office.help, thread)[-2:] == [
        "Sorry it came back. Let's pick up where you left off.",
        "Step 3 of 3: Press the switch",
    ]
    assert (await office.at(office.help, thread)).status is Status.GUIDING


async def test_a_process_that_takes_over_knows_every_button(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    await walk(office, thread, "Still failing")
    await office.restart()
    await walk(office, thread, "Broken", "Fixed it")
    assert office.said(office.help, thread)[-1] == "Solved"


async def test_a_flow_that_is_no_longer_on_offer_is_walked_to_its_end(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    await office.restart(Catalogue(flows=(rainbow(),)))
    await walk(office, thread, "Still failing", "Broken", "Fixed it")
    assert (await office.at(office.help, thread)).status is Status.RESOLVED
