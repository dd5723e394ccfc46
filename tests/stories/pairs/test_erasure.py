"""Tells how a customer is erased, wherever they asked for help and wherever an agent helped them."""

import pytest

from bot.ports import Clue
from bot.privacy.contact_export import ContactExport
from tests.stories.pairs.support.pairs import Pair, joined

ACROSS = (("slack", "discord"), ("discord", "slack"))
SECRET = "my lamp is a family secret"


@pytest.mark.parametrize("pair", ACROSS, indirect=True, ids=joined)
async def test_the_bots_messages_go_and_the_agents_thread_says_why(pair: Pair) -> None:
    customer, agent, app = pair.customer, pair.agent, pair.product.app
    await customer.asks_for_a_person()
    await agent.replies("One moment")
    await customer.says(SECRET)
    await agent.sees(SECRET)
    await pair.product.quiet()
    at = await customer.at()

    person = await app.store.people.find(Clue(kind="ticket", text=str(at.ticket)))
    assert person is not None
    assert person.own == (at.id,)
    given = await ContactExport(app.reader.dossier, app.platforms.files(app.store.kept)).of(person)
    assert SECRET in str(given)
    assert "One moment" in str(given)

    result = await app.erasure.erase(person)

    assert result.conversations == 1
    assert not result.later
    assert await app.store.conversations.load(at.id) is None
    assert "One moment" not in "\n".join(await customer.messages())
    left = "\n".join((await agent.head(), *await agent.lines()))
    assert SECRET not in left
    assert customer.name not in left
    assert "This person's data was erased." in left
