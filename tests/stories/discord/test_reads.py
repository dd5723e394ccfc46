"""Tests how often a click in Discord reads its conversation from the store."""

from tests.adapters.discord.support.workspace import Workshop
from tests.fakes.counting import parses_counted, reads_counted


async def test_a_click_reads_only_the_journal_once_to_tell_what_was_tried(
    shop: Workshop,
) -> None:
    ana = shop.person("Ana")
    step = await shop.begins(ana)
    at = await shop.of(ana)
    with reads_counted(shop.app.store.conversations) as read, parses_counted() as parsed:
        await ana.presses(step, "Still failing")
        await shop.idle()
    assert "Tried so far: Plug it in (Still failing)" in step.text
    assert read == {"journal": 1}
    assert parsed == {at.customer: 4}
