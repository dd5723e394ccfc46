"""Opens the three agents' places, each in its own product with a customer on the page, once for many tests."""

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
    """A customer on the page. A press returns when it is answered, so that nothing must be waited for."""

    async def asks_for_a_person(self) -> None:
        self.conversation = await self.come()
        await self._browser.press("answered:still-failing")
        await self._browser.press("escalate")
        await self.product.quiet()


@dataclass(frozen=True)
class Place:
    """A customer on the page, with three people in the agents' place: Max and Kim, agents, and Ben, who is not one."""

    product: Product
    vendor: OtherSide
    customer: Visitor
    max: PlaceAgent
    kim: PlaceAgent
    ben: PlaceAgent

    async def no_note_was_sent(self) -> None:
        """Check that nothing sent to the customer contains a word of a note (law L12)."""
        assert NOTE not in await self.customer.sent()


@dataclass
class AgentsPlaces:
    """Opens each place when a test first asks for it. Every test has its own customer there."""

    stack: AsyncExitStack
    opened: dict[str, tuple[Product, OtherSide]] = field(default_factory=dict)
    seats: dict[str, dict[str, PlaceAgent]] = field(default_factory=dict)

    async def place(self, name: str) -> Place:
        """Return a place with a customer who has not started yet."""
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
