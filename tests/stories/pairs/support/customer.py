"""Plays the customer of a story, alike in every place. `customers.py` adds what differs by place.

Methods that expect something wait until they see it.
"""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from flows.conversation import Conversation, Status
from tests.stories.pairs.support.product import Product, eventually


class Customer(ABC):
    """A customer with a lamp that stays dark. `name` is what agents see, `platform` the customer's place;
    `for_a_person` is the label that asks for a person.
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
        """Ask for help in a new place. Return the conversation."""

    @abstractmethod
    async def press(self, label: str) -> None:
        """Press the current button with that label."""

    @abstractmethod
    async def say(self, text: str) -> None:
        """Write a message."""

    @abstractmethod
    async def messages(self) -> list[str]:
        """Return all text in the customer's place, oldest first."""

    @abstractmethod
    async def offered(self) -> list[str]:
        """Return the labels that can be pressed there now."""

    @abstractmethod
    async def keeps(self, label: str) -> Any:
        """Return the current screen with that button, to press it when it is outdated."""

    @abstractmethod
    async def presses_kept(self, kept: Any, label: str) -> None:
        """Press a button of a kept screen."""

    @abstractmethod
    async def told(self) -> str:
        """Return what only the customer was told last."""

    @abstractmethod
    async def sent(self) -> str:
        """Return everything ever sent to the customer's place, as it was sent, even if deleted since."""

    # ------------------------------------------------------------ what they do, until it is carried out

    async def comes(self) -> None:
        """Ask for help, and wait for the first step."""
        self.conversation = await self.come()
        await self.product.quiet()
        await self.sees(self.begins)

    async def asks_for_a_person(self) -> None:
        """Ask for help, try the first step without success, and ask for a person."""
        await self.comes()
        await self.presses("Still failing")
        await self.sees("Look at the bulb")
        await self.presses(self.for_a_person)

    async def presses(self, label: str) -> None:
        """Press the button with that label, once it is there."""
        await self.may_press(label)
        async with self.happens():
            await self.press(label)

    async def says(self, text: str) -> None:
        async with self.happens():
            await self.say(text)

    @asynccontextmanager
    async def records(self) -> AsyncIterator[None]:
        """Wait until what happens inside is recorded. Effects for a platform that is down may wait."""
        before = await self.product.version(self.conversation)
        yield
        await self.advances(before)

    # ------------------------------------------------------------ what they see

    async def at(self) -> Conversation:
        found = await self.product.app.store.conversations.load(self.conversation)
        assert found is not None
        return found

    async def sees(self, *words: str) -> None:
        """Wait until the customer's place contains all of these texts."""

        async def look() -> bool:
            shown = "\n".join(await self.messages())
            return all(one in shown for one in words)

        await eventually(look, self.messages)

    async def may_press(self, label: str) -> None:
        """Wait until that label can be pressed."""

        async def look() -> bool:
            return label in await self.offered()

        await eventually(look, self.offered)

    async def may_press_nothing(self, *labels: str) -> None:
        """Wait until none of these labels can be pressed any longer."""

        async def look() -> bool:
            return not {*labels} & {*await self.offered()}

        await eventually(look, self.offered)

    async def is_told(self, words: str) -> None:
        """Wait until only the customer was told these words."""

        async def look() -> bool:
            return words in await self.told()

        await eventually(look, self.told)

    async def is_at(self, status: Status, step: str = "", team: str = "", held_by: str | None = None) -> None:
        """Wait until the conversation is in this state."""

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
        """Wait until something was recorded after that version."""

        async def look() -> bool:
            return await self.product.version(self.conversation) > before

        await eventually(look, self.at)

    @asynccontextmanager
    async def happens(self) -> AsyncIterator[None]:
        """Wait until what happens inside is recorded and all its effects are carried out."""
        before = await self.product.version(self.conversation)
        yield
        await self.advances(before)
        await self.product.quiet()


def in_order(shown: list[str], *words: str) -> None:
    """Check that each of these words appears once, in this order."""
    found = [one for text in shown for one in words if one in text]
    assert found == [*words], shown
