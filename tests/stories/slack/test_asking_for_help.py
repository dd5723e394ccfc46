"""The tour in Slack: the ways to ask for help, and where it is given."""

from tests.adapters.slack.office import Office
from tests.fakes.slack import labels


async def test_a_mention_is_answered_in_the_thread_of_that_message(office: Office) -> None:
    thread = await office.mention(office.ana, "the lamp is dark since May")
    assert office.said(office.help, thread) == ["Two sentences on lamps.", "Step 1 of 3: Plug it in"]
    assert labels(office.live(office.help, thread))[:2] == ["Fixed it", "Still failing"]
    assert all(one["thread_ts"] == thread for one in office.slack.by_the_app(office.help))
