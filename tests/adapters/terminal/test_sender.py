"""Tests the terminal as a channel: it shows its customer's deliveries once, and knows only what it has shown."""

from io import StringIO

import pytest

from adapters.terminal.sender import Terminal
from bot.ports import Busy, Channel, Delivery
from flows.conversation import Address, Conversation
from flows.effects import Retire, Tell
from flows.text.markup.words import parse
from tests.adapters.terminal.support.table import Table


def telling(person: str = "ana") -> Delivery:
    """Make a nudge for that person."""
    return Delivery(
        effect=Tell(id="e1", words="nudge"),
        conversation=Conversation(id="07x"),
        address=Address(channel="terminal", person=person),
        words=parse("How is it going?"),
    )


async def test_what_is_for_its_person_is_shown_and_its_id_is_the_receipt() -> None:
    out = StringIO()
    terminal: Channel = Terminal("ana", Table.console(out))
    assert await terminal.send(telling()) == "e1"
    assert "How is it going?" in out.getvalue()


async def test_what_is_for_somebody_else_waits_until_they_sit_down() -> None:
    out = StringIO()
    terminal = Terminal("ana", Table.console(out))
    with pytest.raises(Busy):
        await terminal.send(telling("bob"))
    assert out.getvalue() == ""


async def test_it_settles_what_it_has_shown_and_nothing_else() -> None:
    terminal = Terminal("ana", Table.console(StringIO()))
    assert await terminal.settle(telling()) is None
    await terminal.send(telling())
    assert await terminal.settle(telling()) == "e1"


async def test_printed_buttons_are_not_taken_back() -> None:
    out = StringIO()
    retiring = telling().model_copy(update={"effect": Retire(id="e2", of="e1"), "words": (), "of": "e1"})
    assert await Terminal("ana", Table.console(out)).send(retiring) == "e2"
    assert out.getvalue() == ""


async def test_scripts_see_no_marker() -> None:
    out = StringIO()
    Terminal("ana", Table.console(out)).mark()
    assert out.getvalue() == ""
    Terminal("ana", Table.console(out, terminal=True)).mark()
    assert out.getvalue() == "> "
