"""Plays an agent in a team's thread, in Slack and in Discord, for the contract suite of an agents' place."""

from typing import Any, Final

from flows.agent_forms import FORMS
from flows.orders import Verb
from flows.text.agent_phrases import phrase
from tests.contracts.support.agents_place import Drawn, PlaceAgent, answers_of, label
from tests.fakes.discord import Interaction
from tests.fakes.slack import labels
from tests.stories.pairs.support import rooms
from tests.stories.pairs.support.agent import NOTE
from tests.stories.pairs.support.customer import Customer
from tests.stories.pairs.support.product import Product, eventually

Json = dict[str, Any]

NOTES: Final[tuple[str, ...]] = (
    NOTE,
    f"hello! {NOTE}",
    f"!n {NOTE}",
    f"!note {NOTE}",
    f"!r {NOTE}",
    f"!reply {NOTE}",
    f"!close {NOTE}",
    f"!transfer {NOTE}",
    f"!!{NOTE}",
)
"""Notes written plainly, or after what looks like a command. None of them may become a reply to the customer."""


class SlackRoom(rooms.InSlack, PlaceAgent):
    """An agent in Slack. Everyone except Max and Kim is not an agent."""

    spellings: tuple[str, ...] = NOTES

    def __init__(self, product: Product, customer: Customer, name: str) -> None:
        is_agent = name in ("Max", "Kim")
        super().__init__(product, customer, name if is_agent else "Kim")
        if not is_agent:
            self.name, self.person = name, self.slack.person(f"U2{name.upper()}", name=name)
        self._before, self._error = 0, ""

    async def told(self) -> str:
        shown = [str(one["text"]) for one in self.slack.shown_to(self.person)[self._before :]]
        return "\n".join([*shown, self._error])

    async def offered(self) -> list[str]:
        head, packet = self.heads[-1], self._said(await self._thread())[0]
        return [*labels(packet), *labels(self.slack.message(str(head["ts"])))]

    async def instead(self) -> list[str]:
        return [each for one in self.slack.shown_to(self.person)[self._before :] for each in labels(one)]

    async def alerted(self) -> int:
        said = self._said(await self._thread())
        return sum(f"<@{self.person.id}>" in str(one["blocks"]) for one in said if "blocks" in one)

    async def does(self, verb: Verb, **answers: Any) -> None:
        if verb == "wake":
            await self._wakes()
            return
        view = await self._opens(verb)
        if view is None:
            return
        given = answers_of(verb, answers)
        if "agent" in given:
            given["agent"] = given["agent"].person.id
        if verb == "guide":
            await self._submits(view, {"guide": given.pop("guide")})
        elif "ready" in given:
            await self._submits(view, {"ready": given.pop("ready")})
        await self._submits(view, given)

    async def asked(self, verb: Verb) -> Drawn:
        view = await self._opens(verb)
        assert view is not None, await self.told()
        asked = [block for block in view["blocks"] if block["type"] == "input"]
        return [(block["label"]["text"], _options(block["element"])) for block in asked]

    async def press_instead(self) -> None:
        (shown,) = self.slack.shown_to(self.person)[self._before :]
        await self.person.presses(shown, labels(shown)[0])

    async def edit(self, line: Any, text: str) -> None:
        await self.person.edits(line, f"!{text}")

    async def delete(self, line: Any) -> None:
        await self.person.deletes(line)

    async def reply_twice(self, text: str) -> None:
        view = await self._opens("reply")
        assert view is not None
        for _time in range(2):
            await self._submits(view, {"text": text})

    async def is_turned_away(self, verb: Verb) -> None:
        assert await self._opens(verb) is None
        await self.is_told("Only agents can do that here.")

    async def _wakes(self) -> None:
        self._begins()
        head = self.slack.message(str(self.heads[-1]["ts"]))
        if label("wake") in labels(head):
            await self.person.presses(head, label("wake"))
        else:
            await self.writes("!wake")

    def _begins(self) -> None:
        """Clear earlier answers and forms."""
        self._before, self._error = len(self.slack.shown_to(self.person)), ""
        self.slack.workspace.stacks.pop(self.person.id, None)

    async def _opens(self, verb: Verb) -> Json | None:
        """Press the order's button. Return the form that opens."""
        self._begins()
        await self._presses(label(verb))
        if verb not in FORMS:
            return None

        async def answered() -> object:
            return self.slack.view_of(self.person) or await self.told()

        await eventually(answered, self.offered)
        return self.slack.view_of(self.person)

    async def _submits(self, view: Json, values: Json) -> None:
        answer = await self.person.submits(str(view["id"]), values)
        assert answer.acked
        payload = answer.payload or {}
        self._error = "\n".join(payload.get("errors", {}).values())


def _options(element: Json) -> list[str]:
    return [option["text"]["text"] for option in element.get("options") or ()]


class DiscordRoom(rooms.InDiscord, PlaceAgent):
    """An agent in Discord. Everyone except Max and Kim is not an agent."""

    spellings: tuple[str, ...] = NOTES

    def __init__(self, product: Product, customer: Customer, name: str) -> None:
        super().__init__(product, customer, name)
        self._before, self._lines = 0, 0

    async def told(self) -> str:
        """Return the answer to the agent: to a press only the agent sees it, to a message it is in the thread below."""
        below = self.discord.messages(await self._thread())[self._lines :]
        alone = self.discord.shown_to(self.person)[self._before :]
        return "\n".join(one.text for one in (*alone, *(one for one in below if one.reference is not None)))

    async def offered(self) -> list[str]:
        packet = self.discord.messages(await self._thread())[0]
        return [*packet.buttons, *self.heads[-1].buttons]

    async def instead(self) -> list[str]:
        shown = self.discord.shown_to(self.person)[self._before :]
        return [each for one in shown for each in one.buttons]

    async def alerted(self) -> int:
        said = self.discord.messages(await self._thread())
        return sum(self.person.id in one.pinged for one in said)

    async def does(self, verb: Verb, **answers: Any) -> None:
        if verb == "wake":
            await self._wakes()
            return
        opened = await self._orders(verb)
        if verb not in FORMS or opened.modal is None:
            return
        given = answers_of(verb, answers)
        if "agent" in given:
            given["agent"] = str(given["agent"].person.id)
        if verb == "guide":
            await self.person.submits(opened, {"guide": given.pop("guide")})
            opened = await self.person.presses(
                self.discord.shown_to(self.person)[-1], phrase("action_back_at")
            )
        await self.person.submits(opened, given)

    async def asked(self, verb: Verb) -> Drawn:
        opened = await self._orders(verb)
        fields = [part for part in self.discord.modal_of(opened)["components"] if "component" in part]
        return [
            (part["label"], [each["label"] for each in part["component"].get("options") or ()])
            for part in fields
        ]

    async def press_instead(self) -> None:
        (shown,) = self.discord.shown_to(self.person)[self._before :]
        await self.person.presses(shown, shown.buttons[0])

    async def edit(self, line: Any, text: str) -> None:
        await self.person.edits(line, f"! {text}")

    async def delete(self, line: Any) -> None:
        await self.person.deletes(line)

    async def reply_twice(self, text: str) -> None:
        sent = await self.person.submits(await self._orders("reply"), {"text": text})
        self.discord.repeats(sent)

    async def is_turned_away(self, verb: Verb) -> None:
        assert (await self._orders(verb)).modal is None
        await self.is_told("Only agents can do that here.")

    async def _wakes(self) -> None:
        await self._begins()
        if label("wake") in self.heads[-1].buttons:
            await self.person.presses(self.heads[-1], label("wake"))
        else:
            await self.writes("!wake")

    async def _begins(self) -> None:
        """Clear earlier answers."""
        self._before = len(self.discord.shown_to(self.person))
        self._lines = len(self.discord.messages(await self._thread()))

    async def _orders(self, verb: Verb) -> Interaction:
        await self._begins()
        pressed: Interaction = await self._presses(label(verb))
        return pressed
