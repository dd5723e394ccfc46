"""The agent of a story, told alike whichever place they are in; `desks.py` and `rooms.py` have what each place adds.

Whatever is expected to be seen is waited for.
"""

from abc import ABC, abstractmethod
from typing import Any, Literal

from tests.stories.pairs.support.customer import Customer
from tests.stories.pairs.support.product import Product, eventually

NOTE = "zebra"
"""A word in every note, and in nothing else (law L12)."""

Mark = Literal["", "internal", "delivered"]
"""What stands beside a line that an agent wrote: nothing yet, or what became of it."""


class Agent(ABC):
    """Somebody who helps. `name` is what customers read. `customer` is whose ticket it is: one a story."""

    name: str
    platform: str

    def __init__(self, product: Product, customer: Customer) -> None:
        self.product, self.customer = product, customer

    # ------------------------------------------------------------ what each place adds

    @abstractmethod
    async def lines(self) -> list[str]:
        """All that can be read of the ticket where this agent is, the packet first."""

    @abstractmethod
    async def head(self) -> str:
        """The ticket as the room is scanned."""

    @abstractmethod
    async def told(self) -> str:
        """What this agent alone was told last."""

    @abstractmethod
    async def mark(self, line: Any) -> Mark:
        """What stands beside a line of theirs."""

    @abstractmethod
    async def claim(self) -> None:
        """Press Claim, whatever comes of it."""

    async def claim_by_word(self) -> None:
        """Claim without a press, where the place takes a word for it."""
        await self.claim()

    @abstractmethod
    async def reply(self, text: str) -> Any:
        """Send that to the customer; the line."""

    @abstractmethod
    async def note(self, text: str) -> Any:
        """Write that for agents alone; the line."""

    @abstractmethod
    async def release(self) -> None: ...

    @abstractmethod
    async def hand_back(self, step: str, done: list[str]) -> None: ...

    @abstractmethod
    async def resolve(self, reason: str, text: str) -> None: ...

    @abstractmethod
    async def transfer(self, to: "Agent") -> None:
        """Give it to that agent of the same place, or let them take it."""

    @abstractmethod
    async def transfer_to_team(self, team: str) -> None: ...

    @abstractmethod
    async def take_over(self) -> None:
        """Take what another has, having been told so."""

    @abstractmethod
    async def put_aside(self) -> None:
        """Snooze it until the customer writes."""

    # ------------------------------------------------------------ what they do, until it is carried out

    async def claims(self) -> None:
        async with self.customer.happens():
            await self.claim()

    async def replies(self, text: str) -> Any:
        """Reply; it is delivered."""
        async with self.customer.happens():
            line = await self.reply(text)
        await self.sees_mark(line, "delivered")
        return line

    async def notes(self, text: str) -> Any:
        """Note something; it is marked as internal."""
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

    async def puts_aside(self) -> None:
        async with self.customer.happens():
            await self.put_aside()

    async def transfers_to_team(self, team: str) -> None:
        async with self.customer.happens():
            await self.transfer_to_team(team)

    # ------------------------------------------------------------ what they see

    async def sees(self, *words: str) -> None:
        """Wait until all of that can be read in the ticket."""

        async def look() -> bool:
            shown = "\n".join(await self.lines())
            return all(one in shown for one in words)

        await eventually(look, self.lines)

    async def sees_at_a_glance(self, *words: str) -> None:
        """Wait until the ticket's line in the room says so."""

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
        """Wait until this agent alone was told that."""

        async def look() -> bool:
            return words in await self.told()

        await eventually(look, self.told)
