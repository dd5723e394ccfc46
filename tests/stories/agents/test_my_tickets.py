"""Tours an agent's own tickets: those that need a reply first, each one click from its thread."""

import pytest

from flows.events import Claimed
from tests.adapters.slack.support.workspace import Json, open_office
from tests.fakes.slack import Person
from tests.stories.agents.support.slack_room import DESK, Room


async def home(room: Room, person: Person) -> Json:
    """The tab as that person sees it on opening it."""
    await person.opens_home()
    await room.office.quiet()
    shown = room.slack.home_of(person)
    assert shown is not None
    return shown


def rows(shown: Json) -> list[tuple[str, str, str]]:
    """Return the tab's lines with a link: the title, the state, and where the link leads."""
    found = [block for block in shown["blocks"] if (block.get("accessory") or {}).get("url")]
    texts = [str(block["text"]["text"]).split("\n") for block in found]
    return [
        (title.strip("*"), state.split(" · ")[0], str(block["accessory"]["url"]))
        for (title, state), block in zip(texts, found, strict=True)
    ]


def thread_of(room: Room, name: str) -> str:
    """Return the link that opens the thread of that customer's ticket."""
    heads = [one for one in room.slack.by_the_app(DESK) if one.get("thread_ts", one["ts"]) == one["ts"]]
    ts = str(next(one["ts"] for one in heads if f" {name} · " in str(one["text"])))
    return f"https://acme.slack.com/archives/{DESK}/p{ts.replace('.', '')}?thread_ts={ts}&cid={DESK}"


async def asks(room: Room, person: Person) -> str:
    thread = await room.office.mention(person, "lamp is dark")
    await room.office.press(person, room.live(thread), "Talk to a person")
    return thread


async def test_my_tickets_stand_first_on_home_those_that_need_a_reply_at_the_top(room: Room) -> None:
    for person in (room.ana, room.office.ben):
        await asks(room, person)
        await room.press(room.max, "Claim", room.slack.by_the_app(DESK)[-1])
    shown = await home(room, room.max)
    assert [row[0].split(" · ")[1:] for row in rows(shown)] == [
        ["ana", "The lamp stays dark"],
        ["ben", "The lamp stays dark"],
    ]
    first = next(one for one in room.slack.by_the_app(DESK) if " ana · " in str(one["text"]))
    await room.office.write(room.max, "!Is it plugged in?", str(first["ts"]), DESK)
    shown = await home(room, room.max)
    assert [(row[1], row[2]) for row in rows(shown)] == [
        ("Needs reply", thread_of(room, "ben")),
        ("Waiting on customer", thread_of(room, "ana")),
    ]
    assert "My tickets" in str(shown)
    theirs = await home(room, room.kim)
    assert "No open ticket is assigned to you." in str(theirs)
    assert [row[1] for row in rows(theirs)] == ["Needs reply", "Waiting on customer"]
    assert "Assigned to max" in str(theirs)
    customers = str(await home(room, room.ana))
    assert "tickets" not in customers
    assert "Waiting on customer" not in customers


@pytest.mark.row("slack", "A ticket's thread is on another platform, or isn't open yet")
async def test_a_ticket_without_a_thread_in_slack_is_opened_at_the_desk() -> None:
    async with open_office(PUBLIC_URL="https://fix.example") as office:
        thread = await office.mention(office.ana, "lamp is dark")
        await office.press(office.ana, office.live(office.help, thread), "Talk to a person")
        at = await office.at(office.help, thread)
        await office.app.receive(Claimed(conversation=at.id, name="Max", actor="slack:T1:U9MAX", key="claim"))
        await office.max.opens_home()
        await office.quiet()
        shown = office.slack.home_of(office.max)
        assert shown is not None
        assert [row[2] for row in rows(shown)] == [f"https://fix.example/desk/c/{at.id}"]
