"""Tests how often a click in Slack reads its conversation from the store."""

from tests.adapters.slack.support.workspace import Office
from tests.fakes.counting import parses_counted, reads_counted


async def test_a_click_reads_nothing_of_its_conversation(office: Office) -> None:
    thread = await office.mention(office.ana, "lamp is dark")
    step = office.live(office.help, thread)
    at = await office.at(office.help, thread)
    with reads_counted(office.store.conversations) as read, parses_counted() as parsed:
        await office.press(office.ana, step, "Still failing")
    assert read == {}
    assert parsed == {at.customer: 4}
