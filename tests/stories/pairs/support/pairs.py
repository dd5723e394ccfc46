"""Opens a product with a customer in one place and two agents in another, for every pair of places."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import product as every
from typing import Any

from tests.stories.pairs.support.agent import NOTE, Agent
from tests.stories.pairs.support.customer import Customer
from tests.stories.pairs.support.customers import CUSTOMERS
from tests.stories.pairs.support.desks import AtTheDesk
from tests.stories.pairs.support.product import CHATS, Product, open_product
from tests.stories.pairs.support.rooms import InDiscord, InSlack

AGENTS: dict[str, type[AtTheDesk] | type[InSlack] | type[InDiscord]] = {
    "desk": AtTheDesk,
    "slack": InSlack,
    "discord": InDiscord,
}

PAIRS = tuple(every(CUSTOMERS, AGENTS))
"""The customer's place and the agent's place."""

ON_THE_PAGE = tuple(pair for pair in PAIRS if pair[0] == "web")
"""Each place of agents once, for stories that do not depend on the customer's place."""

IN_CHATS = tuple(pair for pair in PAIRS if pair[0] != "web")
"""The pairs for what `tests/contracts/test_agents_place.py` proves for customers on the page."""

EACH_ONCE = (("web", "slack"), ("slack", "discord"), ("discord", "desk"))
"""Each place once on either side, for what no place changes, because no adapter knows another."""

joined = "-".join
"""Names a pair in the report."""


@dataclass(frozen=True)
class Pair:
    """The customer, the agent who helps, and the agent's colleague in the same place."""

    product: Product
    customer: Customer
    agent: Agent
    colleague: Agent
    elsewhere: str = ""

    @property
    def another(self) -> Agent:
        """Return an agent of the team Safety, whose room is on another platform."""
        there: dict[str, type[InSlack | InDiscord]] = {"slack": InSlack, "discord": InDiscord}
        return there[self.elsewhere](self.product, self.customer, "Kim", room=1)


@asynccontextmanager
async def open_pair(customer: str, agent: str, elsewhere: str = "", **given: Any) -> AsyncIterator[Pair]:
    """Open a product where Ana has a lamp that stays dark, and Max and Kim are agents. The team Safety has its room in
    `elsewhere`.

    At the end, check that nothing sent to the customer's place contains a note.
    """
    rooms = ({"": agent} if agent in CHATS else {}) | ({"safety": elsewhere} if elsewhere else {})
    async with open_product({customer, agent, elsewhere}, rooms=rooms, **given) as product:
        ana = CUSTOMERS[customer](product)
        max_, kim = (AGENTS[agent](product, ana, name) for name in ("Max", "Kim"))
        yield Pair(product, ana, max_, kim, elsewhere)
        sent = await ana.sent()
        assert "Plug it in" in sent
        assert NOTE not in sent
