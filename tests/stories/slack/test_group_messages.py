"""Tours Slack: a group DM is a channel in which no one needs to mention the bot about a problem it knows."""

import pytest

from tests.adapters.slack.support.workspace import Office


async def test_words_that_a_guide_knows_start_a_thread_of_their_author(office: Office) -> None:
    group = office.ana.starts_group(office.ben)
    await office.write(office.ben, "lunch at noon?", channel=group)
    thread = await office.write(office.ana, "the lamp is dark", channel=group)
    assert office.said(group) == ["Two sentences on lamps.", "Step 1 of 3: Plug it in"]
    assert (await office.at(group, thread)).contact == "slack:T1:U1ANA"
    await office.write(office.ben, "fixed it", thread, group)
    assert office.said(group, thread)[-1] == "Step 1 of 3: Plug it in"
    await office.write(office.ana, "still failing", thread, group)
    assert office.said(group, thread)[-1] == "Step 2 of 3: Look at the bulb"
    await office.press(office.ben, office.live(group, thread), "Whole")
    assert office.noted(office.ben)[-1].startswith("Only ana can answer here")


async def test_a_mention_and_the_wish_for_a_person_are_heard_too(office: Office) -> None:
    group = office.ana.starts_group(office.ben)
    thread = await office.mention(office.ana, "", group)
    assert "The lamp stays dark" in str(office.live(group, thread))
    thread = await office.write(office.ben, "human please", channel=group)
    assert (await office.at(group, thread)).ticket


@pytest.mark.row("slack", "Someone writes in a group DM about what is open there for them")
async def test_words_about_what_is_open_lead_there_and_start_no_second_guide(office: Office) -> None:
    group = office.ana.starts_group(office.ben)
    first = await office.write(office.ana, "the lamp is dark", channel=group)
    again = await office.write(office.ana, "the lamp is dark, still", channel=group)
    assert office.said(group, again) == ["You already have a conversation open. Your progress is saved."]
    step = office.live(group, first)
    assert f"/p{step['ts'].replace('.', '')}" in str(office.slack.by_the_app(group, again))
    await office.write(office.ana, "human please", channel=group)
    assert (await office.at(group, first)).ticket
    assert len(await office.of(office.ana)) == 1
    theirs = await office.write(office.ben, "my lamp is dark", channel=group)
    assert office.said(group, theirs)[-1] == "Step 1 of 3: Plug it in"


@pytest.mark.row("slack", "The app lacks the scope `mpim:history`")
async def test_without_the_scope_a_group_is_not_heard(office: Office) -> None:
    office.slack.scopes.discard("mpim:history")
    group = office.ana.starts_group(office.ben)
    await office.write(office.ana, "the lamp is dark", channel=group)
    assert office.said(group) == []
