"""Tests the list of an agent's own tickets: what fits, what is counted, and that no name is read as Markdown."""

import pytest

from adapters.discord.render.my_tickets import TicketLine, my_tickets
from tests.adapters.discord.support.schema_check import faults

WAY = "https://discord.com/channels/1/2"
ONE = TicketLine(
    ticket=12, who="Ana", title="The lamp stays dark", state="Needs reply", since=1_764_000_000_000, way=WAY
)


def words(tickets: list[TicketLine], total: int, *, direct: bool = False) -> str:
    """The list's text. Discord takes the message."""
    drawn = my_tickets(tickets, total, direct=direct)
    assert faults(drawn) == []
    return str(drawn.components[0]["content"])


def test_each_ticket_leads_to_its_thread() -> None:
    assert words([ONE], 1).split("\n") == [
        "**My tickets**",
        f"[#12 · Ana · The lamp stays dark]({WAY})",
        "-# Needs reply · since <t:1764000000:f>",
    ]
    assert words([], 0) == "**My tickets**\nNo open ticket is assigned to you."


@pytest.mark.row("discord", "An agent has more tickets than fit into the answer to `/tickets`")
def test_what_does_not_fit_is_counted() -> None:
    long = ONE.model_copy(update={"who": "[x](https://evil.example) " * 9, "title": "*" * 200})
    text = words([long] * 20, 27)
    shown = text.count(WAY)
    assert 3 < shown < 20
    assert text.endswith(f"-# and {27 - shown} more")
    assert "](https://evil" not in text


def test_the_choice_of_direct_messages_is_one_button() -> None:
    for direct, label in ((False, "Also notify me by direct message"), (True, "Stop direct messages")):
        assert my_tickets([], 0, direct=direct).components[1]["components"][0]["label"] == label
