"""An agents' place as its contract suite holds it: a story's agent, and what else every place can do and show."""

from abc import abstractmethod
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from flows.agent_forms import Form, FormContext, form_for
from flows.orders import Order, Verb
from flows.text.agent_phrases import phrase
from tests.stories.pairs.support.agent import Agent
from tests.stories.pairs.support.product import Product, eventually

Drawn = list[tuple[str, list[str]]]
"""The questions of a form by their labels, each with the options that can be chosen."""

ANSWERS: Final[Mapping[Verb, Mapping[str, Any]]] = MappingProxyType(
    {
        "reply": {"text": "Is it plugged in?"},
        "back": {"step": "switch"},
        "guide": {"guide": "fire", "step": "unplug"},
        "resolve": {"reason": "Answered a question"},
        "transfer": {"team": "safety"},
        "show": {"step": "switch"},
        "snooze": {"until": "hour"},
        "forward": {"team": "maker"},
    }
)
"""What an agent answers where a test says nothing else, by the ids of the fields."""


class PlaceAgent(Agent):
    """An agent in one of the places. `spellings` are all ways in which a note can be written there."""

    spellings: tuple[str, ...]

    @abstractmethod
    async def offered(self) -> list[str]:
        """The labels of what can be done with the ticket now, in the order of the screen."""

    @abstractmethod
    async def does(self, verb: Verb, **answers: Any) -> None:
        """Give that order, and fill in what it asks; whatever comes of it."""

    @abstractmethod
    async def asked(self, verb: Verb) -> Drawn:
        """The questions that the order asks."""

    @abstractmethod
    async def instead(self) -> list[str]:
        """The labels of what is to be pressed instead of what was just refused."""

    @abstractmethod
    async def press_instead(self) -> None:
        """Press that."""

    @abstractmethod
    async def edit(self, line: Any, text: str) -> None:
        """Change a reply of their own."""

    @abstractmethod
    async def delete(self, line: Any) -> None:
        """Take back a reply of their own."""

    @abstractmethod
    async def reply_twice(self, text: str) -> None:
        """Send one form of a reply twice, as a double click or a repeated delivery does."""

    @abstractmethod
    async def is_turned_away(self, verb: Verb) -> None:
        """Give that order without being an agent, and be told so."""

    # ------------------------------------------------------------ the same in every place

    async def gives(self, verb: Verb, **answers: Any) -> None:
        """Give that order; it is recorded and carried out."""
        async with self.customer.happens():
            await self.does(verb, **answers)

    async def is_refused(self, verb: Verb, sentence: str) -> None:
        """Give that order; it is refused in these words, and nothing changes."""
        before = await self.customer.at()
        await self.does(verb)
        await self.is_told(sentence)
        assert await self.customer.at() == before, verb

    async def may(self, *labels: str) -> None:
        """Wait until exactly that is offered, in this order."""

        async def look() -> bool:
            return await self.offered() == [*labels]

        await eventually(look, self.offered)


def answers_of(verb: Verb, given: Mapping[str, Any]) -> dict[str, Any]:
    """What is filled in: what a test gives, else the usual."""
    return dict(given or ANSWERS.get(verb, {}))


def label(verb: Verb) -> str:
    """What an order is called on every screen."""
    return phrase(f"action_{verb}")


async def decided(product: Product, agent: PlaceAgent, verb: Verb) -> Drawn:
    """The questions of an order as they are decided for all places."""
    at, reader = await agent.customer.at(), product.app.reader
    assert product.site.desk is not None
    context = FormContext(
        at=at,
        flow=await reader.flow(at),
        guides=product.app.catalogue.flows,
        teams=product.site.desk.teams(),
        saved=tuple((reply.id, reply.title) for reply in await reader.replies(at, "")),
        recipients=await reader.recipients(at),
    )
    form = form_for(Order(verb=verb, conversation=at.id), context)
    assert isinstance(form, Form)
    return [(field.label, [name for _id, name in field.options]) for field in form.fields]
