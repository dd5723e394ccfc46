"""Plays the agent of a story, alike in every place. `desks.py` and `rooms.py` add what differs by place.

Methods that expect something wait until they see it.
"""

from abc import ABC, abstractmethod
from typing import Any, Literal

from tests.stories.pairs.support.customer import Customer
from tests.stories.pairs.support.product import Product, eventually

NOTE = "zebra"
"""A word in every note, and in nothing else (law L12)."""

Mark = Literal["", "internal", "delivered"]
"""The mark on an agent's message: none yet, or its result."""


class Agent(ABC):
    """An agent. `name` is what customers read. `customer` has the ticket: one per story."""

    name: str
    platform: str

    def __init__(self, product: Product, customer: Customer) -> None:
        self.product, self.customer = product, customer

    # ------------------------------------------------------------ what each place adds

    @abstractmethod
    async def lines(self) -> list[str]:
        """Return all text of the ticket where the agent is, the packet first."""

    @abstractmethod
    async def head(self) -> str:
        """Return the ticket's line in the room."""

    @abstractmethod
    async def told(self) -> str:
        """Return what only this agent was told last."""

    @abstractmethod
    async def mark(self, line: Any) -> Mark:
        """Return the mark on the agent's message."""

    @abstractmethod
    async def claim(self) -> None:
        """Press Claim, whatever the result is."""

    async def claim_by_word(self) -> None:
        """Claim by a typed word, if the place has one."""
        await self.claim()

    @abstractmethod
    async def reply(self, text: str) -> Any:
        """Send a reply to the customer. Return the line."""

    @abstractmethod
    async def note(self, text: str) -> Any:
        """Write an internal note. Return the line."""

    @abstractmethod
    async def release(self) -> None: ...

    @abstractmethod
    async def hand_back(self, step: str, done: list[str]) -> None: ...

    @abstractmethod
    async def resolve(self, reason: str, text: str) -> None: ...

    @abstractmethod
    async def transfer(self, to: "Agent") -> None:
        """Transfer the ticket to an agent of the same place, or let that agent take it."""

    @abstractmethod
    async def transfer_to_team(self, team: str) -> None: ...

    @abstractmethod
    async def take_over(self) -> None:
        """Take another agent's ticket, after the warning."""

    # ------------------------------------------------------------ what they do, until it is carried out

    async def claims(self) -> None:
        async with self.customer.happens():
            await self.claim()

    async def replies(self, text: str) -> Any:
        """Reply, and wait until the reply is delivered."""
        async with self.customer.happens():
            line = await self.reply(text)
        await self.sees_mark(line, "delivered")
        return line

    async def notes(self, text: str) -> Any:
        """Write a note, and wait until it is marked as internal."""
        async with self.customer.happens():
            line = await self.note(f"{NOTE}: {text}")
        await self.sees_mark(line, "internal")
        return line

    async def releases(self) -> None:
        async with self.customer.happens():
            await self.release()

    async def hands_back(self, step: str, *done: str) -> None:
        async with self.customer.happens():
            await self.hand_back(step, list(done))

    async def resolves(self, reason: str = "Answered a question", text: str = "") -> None:
        async with self.customer.happens():
            await self.resolve(reason, text)

    async def transfers(self, to: "Agent") -> None:
        async with self.customer.happens():
            await self.transfer(to)

    async def transfers_to_team(self, team: str) -> None:
        async with self.customer.happens():
            await self.transfer_to_team(team)

    # ------------------------------------------------------------ what they see

    async def sees_at_its_head(self, *words: str) -> None:
        """Wait until the ticket's line, in the channel or the queue, contains all of these texts."""

        async def look() -> bool:
            shown = await self.head()
            return all(one in shown for one in words)

        await eventually(look, self.lines)

    async def sees(self, *words: str) -> None:
        """Wait until the ticket contains all of these texts."""

        async def look() -> bool:
            shown = "\n".join(await self.lines())
            return all(one in shown for one in words)

        await eventually(look, self.lines)

    async def sees_at_a_glance(self, *words: str) -> None:
        """Wait until the ticket's line in the room contains these texts."""

        async def look() -> bool:
            shown = await self.head()
            return all(one in shown for one in words)

        await eventually(look, self.head)

    async def sees_mark(self, line: Any, mark: Mark) -> None:
        async def look() -> bool:
            return await self.mark(line) == mark

        async def there() -> str:
            return await self.mark(line)

        await eventually(look, there)

    async def is_told(self, words: str) -> None:
        """Wait until only this agent was told these words."""

        async def look() -> bool:
            return words in await self.told()

        await eventually(look, self.told)
