"""The customer of a story, told alike whichever place they are in; `customers.py` has what each place adds.

Whatever is expected to be seen is waited for.
"""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from flows.conversation import Conversation, Status
from tests.stories.pairs.support.product import Product, eventually


class Customer(ABC):
    """Somebody with a lamp that stays dark. `name` is how agents see them, `platform` where they are; `for_a_person` is
    what they press for one.
    """

    name: str
    platform: str
    for_a_person = "Talk to a person"
    flow, begins = "lamp", "Plug it in"

    def __init__(self, product: Product) -> None:
        self.product = product
        self.conversation = ""

    # ------------------------------------------------------------ what each place adds

    @abstractmethod
    async def come(self) -> str:
        """Ask for help in a place of one's own; the conversation."""

    @abstractmethod
    async def press(self, label: str) -> None:
        """Press what has that label now."""

    @abstractmethod
    async def say(self, text: str) -> None:
        """Write something."""

    @abstractmethod
    async def messages(self) -> list[str]:
        """All that can be read in their place, oldest first."""

    @abstractmethod
    async def offered(self) -> list[str]:
        """The labels of what can be pressed there now."""

    @abstractmethod
    async def keeps(self, label: str) -> Any:
        """What is on their screen with that button, to be pressed when it is long over."""

    @abstractmethod
    async def presses_kept(self, kept: Any, label: str) -> None:
        """Press a button of a screen that was kept."""

    @abstractmethod
    async def told(self) -> str:
        """What they alone were told last."""

    @abstractmethod
    async def sent(self) -> str:
        """All that was ever sent to their place, whatever became of it, as it went over the wire."""

    # ------------------------------------------------------------ what they do, until it is carried out

    async def comes(self) -> None:
        """Ask for help; the first step is there."""
        self.conversation = await self.come()
        await self.product.quiet()
        await self.sees(self.begins)

    async def asks_for_a_person(self) -> None:
        """Come, try the first step in vain, and ask for a person."""
        await self.comes()
        await self.presses("Still failing")
        await self.sees("Look at the bulb")
        await self.presses(self.for_a_person)

    async def presses(self, label: str) -> None:
        """Press what has that label, once it is there."""
        await self.may_press(label)
        async with self.happens():
            await self.press(label)

    async def says(self, text: str) -> None:
        async with self.happens():
            await self.say(text)

    @asynccontextmanager
    async def records(self) -> AsyncIterator[None]:
        """What is done in here is recorded at the end; the rest waits for a platform that is down."""
        before = await self.product.version(self.conversation)
        yield
        await self.advances(before)

    # ------------------------------------------------------------ what they see

    async def at(self) -> Conversation:
        found = await self.product.app.store.conversations.load(self.conversation)
        assert found is not None
        return found

    async def sees(self, *words: str) -> None:
        """Wait until all of that can be read in their place."""

        async def look() -> bool:
            shown = "\n".join(await self.messages())
            return all(one in shown for one in words)

        await eventually(look, self.messages)

    async def may_press(self, label: str) -> None:
        """Wait until that can be pressed."""

        async def look() -> bool:
            return label in await self.offered()

        await eventually(look, self.offered)

    async def may_press_nothing(self, *labels: str) -> None:
        """Wait until nothing of that can be pressed any more."""

        async def look() -> bool:
            return not {*labels} & {*await self.offered()}

        await eventually(look, self.offered)

    async def is_told(self, words: str) -> None:
        """Wait until they alone were told that."""

        async def look() -> bool:
            return words in await self.told()

        await eventually(look, self.told)

    async def is_at(self, status: Status, step: str = "", team: str = "", held_by: str | None = None) -> None:
        """Wait until the conversation stands so."""

        async def look() -> bool:
            at = await self.at()
            holds = held_by is None or at.holder_name == held_by
            return (
                at.status is status
                and holds
                and (not step or at.step == step)
                and (not team or at.team == team)
            )

        await eventually(look, self.at)

    async def advances(self, before: int) -> None:
        """Wait until something was recorded since that version."""

        async def look() -> bool:
            return await self.product.version(self.conversation) > before

        await eventually(look, self.at)

    @asynccontextmanager
    async def happens(self) -> AsyncIterator[None]:
        """What is done in here is recorded at the end, and all that follows from it is carried out."""
        before = await self.product.version(self.conversation)
        yield
        await self.advances(before)
        await self.product.quiet()


def in_order(shown: list[str], *words: str) -> None:
    """Each of these words is there once, one after the other."""
    found = [one for text in shown for one in words if one in text]
    assert found == [*words], shown
