"""Tours Slack: the Messages tab welcomes a person once, with the guides as buttons."""

import pytest

from tests.adapters.slack.support.workspace import Office
from tests.fakes.slack import labels


async def test_the_first_visit_to_an_empty_messages_tab_is_welcomed_once(office: Office) -> None:
    for _visit in range(2):
        await office.ana.opens_home("messages")
        await office.quiet()
    (welcome,) = office.slack.by_the_app(office.ana.dm)
    assert welcome["text"].startswith("I walk you through fixing a problem, one step at a time.")
    assert labels(welcome) == ["The lamp stays dark", "It smells of smoke"]
    await office.press(office.ana, welcome, "The lamp stays dark")
    assert office.said(office.ana.dm)[-1] == "Step 1 of 3: Plug it in"
    assert not office.noted(office.ana)


async def test_who_has_written_already_is_not_welcomed(office: Office) -> None:
    await office.write(office.ana, "hello")
    said = office.said(office.ana.dm)
    await office.ana.opens_home("messages")
    await office.quiet()
    assert office.said(office.ana.dm) == said


@pytest.mark.row("slack", "The welcome on the Messages tab can't be sent")
@pytest.mark.parametrize("method", ["conversations.history", "chat.postMessage"])
async def test_a_welcome_that_failed_comes_with_the_next_visit(office: Office, method: str) -> None:
    office.slack.faults.refuse(method, "internal_error")
    for welcomes in (0, 1, 1):
        await office.ana.opens_home("messages")
        await office.quiet()
        assert len(office.slack.by_the_app(office.ana.dm)) == welcomes
