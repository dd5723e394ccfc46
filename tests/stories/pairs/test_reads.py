"""Tests how often a reply from the desk reads its conversation on the way to Discord."""

from flows.events import Replied
from tests.fakes.counting import parses_counted, reads_counted
from tests.stories.pairs.support.pairs import open_pair


async def test_a_reply_from_the_desk_reads_the_journal_once_on_its_way_to_discord() -> None:
    async with open_pair("discord", "desk") as pair:
        await pair.customer.asks_for_a_person()
        await pair.agent.claims()
        at, app = await pair.customer.at(), pair.product.app
        reply = Replied(conversation=at.id, text="Hello", actor=at.holder, name="Max", key="hello")
        with reads_counted(app.store.conversations) as read, parses_counted() as parsed:
            outcome = await app.receive(reply)
            await app.outbox.idle()
        assert outcome is not None
        assert outcome.refusal is None
        await pair.customer.sees("Hello")
        assert read == {"load": 1, "journal": 1, "words": 1}
        assert parsed[at.customer] == sum(parsed.values()) == 2
