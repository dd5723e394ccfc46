"""Tests law L12 over everything sent: no note of an agent leaves the agents' places, wherever the agent typed it.

Agents on the desk, in Slack and in Discord do things in a random order around one customer. Then every call to Slack
and Discord, every page and every report is searched for the word that all notes have and nothing else has.
"""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from adapters.web.api.responses import state
from tests.fakes.backends import webhooks
from tests.fakes.discord import Channel, Discord
from tests.fakes.slack import Slack
from tests.stories.pairs.support.agent import NOTE, Agent
from tests.stories.pairs.support.customer import Customer
from tests.stories.pairs.support.customers import CUSTOMERS
from tests.stories.pairs.support.desks import AtTheDesk
from tests.stories.pairs.support.product import Product, open_product
from tests.stories.pairs.support.rooms import InDiscord, InSlack

ACTS = 9
"""Acts of one test, after a note of every place."""


class Office:
    """The agents in the three places; the ticket's thread is in one of them at a time."""

    def __init__(self, product: Product, customer: Customer, dice: random.Random) -> None:
        self.product, self.customer, self.dice = product, customer, dice
        self.desk = AtTheDesk(product, customer, "Max")
        self.slack = InSlack(product, customer, "Max")
        self.discord = InDiscord(product, customer, "Kim", room=1)
        InSlack(product, customer, "Kim")  # a colleague to mention
        self.room: InSlack | InDiscord = self.slack
        self.notes: list[tuple[InSlack | InDiscord, Any]] = []
        self.count = 0

    def note(self) -> str:
        """Return the text of the next note, as an agent may write it."""
        self.count += 1
        return self.dice.choice(
            (
                f"{NOTE}{self.count} said they are cross",
                f"**{NOTE}{self.count}** `{NOTE}`\n> {NOTE}",
                f"!n {NOTE}{self.count}",
                f"{NOTE}{self.count} https://lamps.example/{NOTE} @Kim <@U8KIM>",
            )
        )

    async def writes_note(self, where: Agent) -> None:
        text = self.note()
        if isinstance(where, InSlack | InDiscord):
            self.notes.append((where, await where.note(text)))
        else:
            await where.note(text.removeprefix("!n "))

    async def edits_note(self) -> None:
        if not self.notes:
            return
        where, line = self.dice.choice(self.notes)
        text = f"{NOTE}{self.count} changed"
        if isinstance(where, InSlack):
            await where.person.edits(line, text)
        else:
            await where.person.edits(line, text)

    async def moves(self) -> None:
        """Transfer the ticket to the other team, whose room is in Discord, or let the desk take it."""
        if self.room is self.discord:
            await self.desk.claim()
            return
        await self.slack.claim()
        await self.product.quiet()
        await self.slack.transfer_to_team("safety")
        self.room = self.discord

    async def resolves(self) -> None:
        """Resolve with words that are on record for agents alone, and let the customer come back."""
        await self.desk.claim()
        await self.product.quiet()
        await self.desk.resolve("Answered a question", f"{NOTE} for the record")
        await self.product.quiet()
        await self.customer.say("it is dark again")

    async def act(self) -> None:
        match self.dice.randrange(8):
            case 0:
                await self.writes_note(self.desk)
            case 1:
                await self.writes_note(self.room)
            case 2:
                await self.edits_note()
            case 3:
                await self.room.reply(f"reply {self.count} for you")
            case 4:
                await self.desk.claim()
            case 5:
                await self.customer.say(f"words of the customer {self.count}")
            case 6:
                await self.moves()
            case _:
                await self.resolves()
        await self.product.quiet()


def to_slack(slack: Slack, rooms: tuple[str, ...]) -> Iterator[str]:
    """Yield every call that is for no agents' channel and for no agent alone."""
    agents = {"U9MAX", "U8KIM"}
    alone = {one.id for one in slack.workspace.channels.values() if one.is_im and one.user in agents}
    for call in slack.calls():
        agent = {call.args.get("user"), call.args.get("user_id"), call.args.get("users")} & agents
        if call.args.get("channel") not in {*rooms, *alone} and not agent:
            yield f"{call.method} {call.args}"


def to_discord(discord: Discord, rooms: tuple[str, ...]) -> Iterator[str]:
    """Yield every call that is for no agents' channel and for no agent alone."""
    agents = {one.user for one in discord.world.people.values() if one.name in ("Max", "Kim")}

    def of_agents(channel: Channel) -> bool:
        parent = channel.parent or channel
        return str(parent.id) in rooms or bool(agents & {*channel.recipients})

    theirs = {one.id for one in discord.world.channels.values() if of_agents(one)}
    for call in discord.calls():
        if call.path.startswith(("/interactions/", "/webhooks/")):
            continue  # their answers are below, by who pressed
        if not theirs & {int(part) for part in call.path.split("/") if part.isdigit()}:
            yield f"{call.method} {call.path} {call.json}"
    for press in discord.interactions():
        if press.user not in agents:
            yield str((press.answers, press.text))


async def outside(office: Office) -> list[str]:
    """Return everything that was sent outside of the agents' places, but for reports."""
    product, customer = office.product, office.customer
    assert product.slack is not None
    assert product.discord is not None
    screen = await product.app.look(customer.conversation)
    assert screen is not None
    return [
        *to_slack(product.slack, product.rooms["slack"]),
        *to_discord(product.discord, product.rooms["discord"]),
        await customer.sent(),
        screen.model_dump_json(),
        state(screen).model_dump_json(),
    ]


@pytest.mark.parametrize(("customer", "seed"), [("web", 1), ("slack", 2), ("discord", 3)])
async def test_no_note_leaves_the_agents_places(customer: str, seed: int) -> None:
    rooms = {"": "slack", "safety": "discord"}
    async with (
        webhooks() as tickets,
        open_product(
            {"slack", "discord"},
            rooms=rooms,
            TICKET_WEBHOOK_URL=tickets.address,
            TICKET_WEBHOOK_SECRET="s" * 40,
        ) as product,
    ):
        ana = CUSTOMERS[customer](product)
        office = Office(product, ana, random.Random(seed))
        await ana.asks_for_a_person()
        await office.writes_note(office.desk)
        await office.writes_note(office.slack)
        for _ in range(ACTS):
            await office.act()
        if office.room is office.slack:
            await office.moves()
        await office.writes_note(office.discord)
        await product.quiet()

        sent = [*await outside(office), *(report.text for report in tickets.received)]
        assert tickets.received
        assert "Plug it in" in "\n".join(sent)
        assert [one for one in sent if NOTE in one] == []
        for where in (office.desk, office.discord):
            await where.sees(NOTE)
