"""Plays the agents' channel in Slack: Max and Kim are agents and talk in `desk`, with a thread for each ticket."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from flows.conversation import Conversation
from tests.adapters.slack.support.workspace import Json, Office, open_office
from tests.fakes.slack import Person, labels

DESK = "C9DESK"
AGENTS = ("U9MAX", "U8KIM")


class Room:
    """Acts and looks in the agents' channel."""

    def __init__(self, office: Office) -> None:
        office.slack.channel(DESK, "desk")
        self.office = office
        self.slack = office.slack
        self.max = office.max
        self.ana = office.ana
        self.kim = office.slack.person("U8KIM", name="Kim")

    # ------------------------------------------------------------ what there is to see

    def heads(self) -> list[str]:
        """Return the channel's line for each ticket."""
        return [
            str(one["text"])
            for one in self.slack.by_the_app(DESK)
            if "thread_ts" not in one or self._is_head(one)
        ]

    def _is_head(self, one: Json) -> bool:
        return bool(one["thread_ts"] == one["ts"])

    def root(self) -> Json:
        """Return the line of the only ticket."""
        (head,) = [one for one in self.slack.by_the_app(DESK) if one.get("thread_ts", one["ts"]) == one["ts"]]
        return head

    def thread(self) -> str:
        """Return the thread's ts."""
        return str(self.root()["ts"])

    def packet(self) -> Json:
        return self.lines()[0]

    def lines(self) -> list[Json]:
        """Return the bot's messages in the thread, the packet first."""
        return [one for one in self.slack.by_the_app(DESK, self.thread()) if one["ts"] != self.thread()]

    def told(self) -> list[str]:
        """Return the texts of the bot's messages after the packet."""
        return [str(one["text"]) for one in self.lines()[1:]]

    def marks(self, ts: str) -> list[str]:
        """Return the marks on a message."""
        return [name for _channel, at, name in self.slack.workspace.reactions if at == ts]

    # ------------------------------------------------------------ what people do

    async def asked(self, text: str = "lamp is dark") -> str:
        """Let Ana ask in the channel and ask for a person. Return her thread."""
        thread = await self.office.mention(self.ana, text)
        await self.office.press(self.ana, self.live(thread), "Talk to a person")
        return thread

    def live(self, thread: str) -> Json:
        """Return Ana's message with the most buttons: her step."""
        found = [one for one in self.slack.by_the_app(self.office.help, thread) if labels(one)]
        return max(found, key=lambda one: len(labels(one)))

    async def write(self, agent: Person, text: str, **more: Any) -> str:
        """Let an agent write in the thread."""
        return await self.office.write(agent, text, self.thread(), DESK, **more)

    async def press(self, agent: Person, label: str, shown: Json | None = None) -> None:
        await self.office.press(agent, shown or self.packet(), label)

    async def fill(self, agent: Person, values: Json) -> Json | None:
        """Submit the form on the agent's screen. Return the answer to Slack."""
        view = self.slack.view_of(agent)
        assert view is not None
        answer = await agent.submits(view, values)
        assert answer.acked
        await self.office.quiet()
        return answer.payload or None

    async def at(self, thread: str) -> Conversation:
        return await self.office.at(self.office.help, thread)


@asynccontextmanager
async def open_room(**given: Any) -> AsyncIterator[Room]:
    """Run an office with a channel for agents."""
    async with open_office(agents=AGENTS, DESK_ROOM=f"slack:{DESK}", **given) as office:
        yield Room(office)
