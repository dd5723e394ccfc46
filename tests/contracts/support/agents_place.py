"""Defines an agents' place for its contract suite: a story's agent, plus what every place can do and show."""

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
"""The questions of a form by label, each with its options."""

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
"""An agent's default answers, by the ids of the fields."""


class PlaceAgent(Agent):
    """An agent in one of the places. `spellings` are all ways to write a note there."""

    spellings: tuple[str, ...]

    @abstractmethod
    async def offered(self) -> list[str]:
        """Return the labels of the possible actions, in the order of the screen."""

    @abstractmethod
    async def does(self, verb: Verb, **answers: Any) -> None:
        """Give an order and fill in its form, whatever the result is."""

    @abstractmethod
    async def asked(self, verb: Verb) -> Drawn:
        """Return the questions that the order asks."""

    @abstractmethod
    async def instead(self) -> list[str]:
        """Return the labels to press instead of the refused action."""

    @abstractmethod
    async def press_instead(self) -> None:
        """Press what the refusal suggests."""

    @abstractmethod
    async def alerted(self) -> int:
        """Return how often the place has told the agent that the ticket needs them."""

    @abstractmethod
    async def edit(self, line: Any, text: str) -> None:
        """Edit a reply of the agent's own."""

    @abstractmethod
    async def delete(self, line: Any) -> None:
        """Delete a reply of the agent's own."""

    @abstractmethod
    async def reply_twice(self, text: str) -> None:
        """Send one reply form twice, as a double click or a repeated delivery does."""

    @abstractmethod
    async def is_turned_away(self, verb: Verb) -> None:
        """Give that order without being an agent, and be refused."""

    # ------------------------------------------------------------ the same in every place

    async def gives(self, verb: Verb, **answers: Any) -> None:
        """Give an order, and wait until it is recorded and carried out."""
        async with self.customer.happens():
            await self.does(verb, **answers)

    async def is_refused(self, verb: Verb, sentence: str) -> None:
        """Give an order that is refused with that sentence and changes nothing."""
        before = await self.customer.at()
        await self.does(verb)
        await self.is_told(sentence)
        assert await self.customer.at() == before, verb

    async def is_alerted(self, times: int) -> None:
        """Wait until the place has told the agent so many times that the ticket needs them."""

        async def look() -> bool:
            return await self.alerted() == times

        await eventually(look, self.lines)

    async def may(self, *labels: str) -> None:
        """Wait until exactly these actions are offered, in this order."""

        async def look() -> bool:
            return await self.offered() == [*labels]

        await eventually(look, self.offered)


def answers_of(verb: Verb, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers to a form: those given by a test, else the defaults."""
    return dict(given or ANSWERS.get(verb, {}))


def label(verb: Verb) -> str:
    """Return an order's label, the same on every screen."""
    return phrase(f"action_{verb}")


async def decided(product: Product, agent: PlaceAgent, verb: Verb) -> Drawn:
    """Return an order's questions as decided for all places."""
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
