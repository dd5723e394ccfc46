"""The three agents' places, each in a product of its own with a customer on the web page; opened once, used by many."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from tests.contracts.support.agents_at_the_desk import WebDesk
from tests.contracts.support.agents_in_chats import DiscordRoom, SlackRoom
from tests.contracts.support.agents_place import PlaceAgent
from tests.fakes.backends import OtherSide, mailbox
from tests.stories.pairs.support.agent import NOTE
from tests.stories.pairs.support.customers import OnThePage
from tests.stories.pairs.support.product import CHATS, Product, open_product

PLACES: Final[Mapping[str, type[SlackRoom] | type[DiscordRoom] | type[WebDesk]]] = MappingProxyType(
    {"slack": SlackRoom, "discord": DiscordRoom, "desk": WebDesk}
)


class Visitor(OnThePage):
    """Somebody on the page, where each press is done once it is answered: nothing has to be waited for."""

    async def asks_for_a_person(self) -> None:
        self.conversation = await self.come()
        await self._browser.press("answered:still-failing")
        await self._browser.press("escalate")
        await self.product.quiet()


@dataclass(frozen=True)
class Place:
    """A customer on the page, and in the agents' place Max, who helps, Kim, a colleague, and Ben, who is no agent."""

    product: Product
    vendor: OtherSide
    customer: Visitor
    max: PlaceAgent
    kim: PlaceAgent
    ben: PlaceAgent

    async def no_note_was_sent(self) -> None:
        """Whatever a test was about: nothing that was sent to the customer has a word of a note in it (law L12)."""
        assert NOTE not in await self.customer.sent()


@dataclass
class AgentsPlaces:
    """Opens each place when it is first asked for; every test has a customer of its own there."""

    stack: AsyncExitStack
    opened: dict[str, tuple[Product, OtherSide]] = field(default_factory=dict)
    seats: dict[str, dict[str, PlaceAgent]] = field(default_factory=dict)

    async def place(self, name: str) -> Place:
        """Return that place, with a customer who has not come yet."""
        if name not in self.opened:
            vendor = await self.stack.enter_async_context(mailbox())
            mail: dict[str, Any] = {"SMTP_URL": vendor.address, "MAIL_FROM": "bot@fix.example"}
            rooms = {"": name} if name in CHATS else {}
            product = await self.stack.enter_async_context(open_product({name}, rooms=rooms, **mail))
            self.opened[name] = product, vendor
        product, vendor = self.opened[name]
        customer = Visitor(product)
        seats = self.seats.setdefault(name, {})
        for who in ("Max", "Kim", "Ben"):
            seats.setdefault(who, PLACES[name](product, customer, who)).customer = customer
        for agent in (seats["Max"], seats["Kim"]):
            if isinstance(agent, WebDesk):
                await agent.signs_in()
        return Place(product, vendor, customer, seats["Max"], seats["Kim"], seats["Ben"])
