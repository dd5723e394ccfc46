"""Plays the agent in a team's channel: in a thread in Slack, and in one in Discord."""

from typing import Any

from tests.fakes.discord import Channel, Message
from tests.stories.pairs.support.agent import Agent, Mark
from tests.stories.pairs.support.customer import Customer
from tests.stories.pairs.support.product import Product, eventually

Json = dict[str, Any]


class InSlack(Agent):
    """The newest ticket's thread in a team's channel. `room` is 0 for the default channel, 1 for the other team's."""

    platform = "slack"

    def __init__(self, product: Product, customer: Customer, name: str, room: int = 0) -> None:
        super().__init__(product, customer)
        assert product.slack is not None
        self.slack = product.slack
        self.name = name.lower()
        self.room = product.rooms["slack"][room]
        self.person = self.slack.person(f"U9{name.upper()}" if name == "Max" else "U8KIM", name=name)

    @property
    def heads(self) -> list[Json]:
        held, bot = self.slack.workspace.channels[self.room].messages.values(), self.slack.workspace.bot_id
        return [
            one for one in held if one.get("bot_id") == bot and one.get("thread_ts", one["ts"]) == one["ts"]
        ]

    async def _thread(self) -> str:
        async def there() -> bool:
            return bool(self.heads) and bool(self._said(str(self.heads[-1]["ts"])))

        async def rooms() -> object:
            return self.slack.messages(self.room)

        await eventually(there, rooms)
        return str(self.heads[-1]["ts"])

    def _said(self, thread: str) -> list[Json]:
        return [one for one in self.slack.thread(self.room, thread) if one["ts"] != thread]

    async def lines(self) -> list[str]:
        if not self.heads:
            return []
        said = self._said(str(self.heads[-1]["ts"]))
        return [*(str(one["blocks"]) for one in said[:1]), *(str(one["text"]) for one in said[1:])]

    async def head(self) -> str:
        return "\n".join(str(one["text"]) for one in self.heads)

    async def told(self) -> str:
        return "\n".join(str(one["text"]) for one in self.slack.shown_to(self.person)[-1:])

    async def mark(self, line: Any) -> Mark:
        marks = {name for _channel, ts, name in self.slack.workspace.reactions if ts == line}
        known: dict[str, Mark] = {"lock": "internal", "white_check_mark": "delivered"}
        assert marks <= {*known}, marks
        return next((known[name] for name in marks), "")

    async def _presses(self, label: str) -> None:
        packet = self._said(await self._thread())[0]
        assert (await self.person.presses(packet, label)).acked

    async def _fills(self, label: str, values: Json) -> None:
        await self._presses(label)

        async def opened() -> bool:
            return self.slack.view_of(self.person) is not None

        await eventually(opened, self.told)
        view = self.slack.view_of(self.person)
        assert view is not None
        answer = await self.person.submits(view, values)
        assert answer.acked
        assert not answer.payload, answer.payload

    async def claim(self) -> None:
        await self._presses("Claim")

    async def claim_by_word(self) -> None:
        await self.writes("!claim")

    async def writes(self, text: str) -> str:
        """Write a message in the ticket's thread."""
        return await self.person.writes(self.room, text, thread=await self._thread())

    async def reply(self, text: str) -> Any:
        return await self.writes(f"!{text}")

    async def note(self, text: str) -> Any:
        return await self.writes(text)

    async def release(self) -> None:
        await self._presses("Release")

    async def hand_back(self, step: str, done: list[str]) -> None:
        await self._fills("Hand back…", {"step": step} | ({"done": done} if done else {}))

    async def resolve(self, reason: str, text: str) -> None:
        await self._fills("Resolve…", {"reason": reason, "text": text})

    async def transfer(self, to: Agent) -> None:
        assert isinstance(to, InSlack)
        await self._fills("Transfer…", {"agent": to.person.id})

    async def transfer_to_team(self, team: str) -> None:
        await self._fills("Transfer…", {"team": team})

    async def take_over(self) -> None:
        assert (await self.person.presses(self.slack.shown_to(self.person)[-1], "Take over")).acked


class InDiscord(Agent):
    """The ticket's thread in a team's channel. `room` is as in Slack."""

    platform = "discord"

    def __init__(self, product: Product, customer: Customer, name: str, room: int = 0) -> None:
        super().__init__(product, customer)
        assert product.discord is not None
        self.discord = product.discord
        self.name = name
        self.room: Channel = self.discord.world.channels[int(product.rooms["discord"][room])]
        self.person = next(one for one in self.discord.world.people.values() if one.name == name)

    @property
    def heads(self) -> list[Message]:
        return [one for one in self.discord.messages(self.room) if one.author is self.discord.bot]

    async def _thread(self) -> Channel:
        async def there() -> bool:
            found = self.discord.threads(self.room)
            return bool(found) and bool(self.discord.messages(found[-1]))

        await eventually(there, self.head)
        return self.discord.threads(self.room)[-1]

    async def lines(self) -> list[str]:
        found = self.discord.threads(self.room)
        return [one.text for one in (self.discord.messages(found[-1]) if found else [])]

    async def head(self) -> str:
        return "\n".join(one.text for one in self.heads)

    async def told(self) -> str:
        return "\n".join(one.text for one in self.discord.shown_to(self.person)[-1:])

    async def mark(self, line: Any) -> Mark:
        known: dict[str, Mark] = {"🔒": "internal", "✅": "delivered"}
        assert {*line.reactions} <= {*known}, line.reactions
        return next((known[name] for name in line.reactions), "")

    async def _presses(self, label: str) -> Any:
        packet = self.discord.messages(await self._thread())[0]
        return await self.person.presses(packet, label)

    async def _fills(self, label: str, values: Json) -> None:
        await self.person.submits(await self._presses(label), values)

    async def claim(self) -> None:
        await self._presses("Claim")

    async def claim_by_word(self) -> None:
        await self.writes("!claim")

    async def writes(self, text: str) -> Message:
        """Write a message in the ticket's thread."""
        return await self.person.writes(await self._thread(), text)

    async def reply(self, text: str) -> Any:
        return await self.writes(f"! {text}")

    async def note(self, text: str) -> Any:
        return await self.writes(text)

    async def release(self) -> None:
        await self._presses("Release")

    async def hand_back(self, step: str, done: list[str]) -> None:
        await self._fills("Hand back…", {"step": step, "done": done})

    async def resolve(self, reason: str, text: str) -> None:
        await self._fills("Resolve…", {"reason": reason, "text": text})

    async def transfer(self, to: Agent) -> None:
        """Let an agent take over, because an agent in Discord cannot assign a ticket to another one."""
        assert isinstance(to, InDiscord)
        await to.claim()
        await to.is_told("is assigned to")
        await to.take_over()

    async def transfer_to_team(self, team: str) -> None:
        await self._fills("Transfer…", {"team": team})

    async def take_over(self) -> None:
        await self.person.presses(self.discord.shown_to(self.person)[-1], "Take over")
