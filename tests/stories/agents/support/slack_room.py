"""The agents' room in Slack: Max and Kim are agents and talk in `desk`, where a thread opens for each ticket."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from flows.conversation import Conversation
from tests.adapters.slack.support.workspace import Json, Office, open_office
from tests.fakes.slack import Person, labels

DESK = "C9DESK"
AGENTS = ("U9MAX", "U8KIM")


class Room:
    """What is to be seen and done in the room."""

    def __init__(self, office: Office) -> None:
        office.slack.channel(DESK, "desk")
        self.office = office
        self.slack = office.slack
        self.max = office.max
        self.ana = office.ana
        self.kim = office.slack.person("U8KIM", name="Kim")

    # ------------------------------------------------------------ what there is to see

    def heads(self) -> list[str]:
        """One line for each ticket, as the channel is scanned."""
        return [
            str(one["text"])
            for one in self.slack.by_the_app(DESK)
            if "thread_ts" not in one or self._is_head(one)
        ]

    def _is_head(self, one: Json) -> bool:
        return bool(one["thread_ts"] == one["ts"])

    def root(self) -> Json:
        """The head of the one thread there is."""
        (head,) = [one for one in self.slack.by_the_app(DESK) if one.get("thread_ts", one["ts"]) == one["ts"]]
        return head

    def thread(self) -> str:
        """Which thread that is."""
        return str(self.root()["ts"])

    def packet(self) -> Json:
        return self.lines()[0]

    def lines(self) -> list[Json]:
        """What the bot wrote in the thread, the packet first."""
        return [one for one in self.slack.by_the_app(DESK, self.thread()) if one["ts"] != self.thread()]

    def told(self) -> list[str]:
        """The same after the packet, as texts."""
        return [str(one["text"]) for one in self.lines()[1:]]

    def marks(self, ts: str) -> list[str]:
        """The marks on a line."""
        return [name for _channel, at, name in self.slack.workspace.reactions if at == ts]

    # ------------------------------------------------------------ what people do

    async def asked(self, text: str = "lamp is dark") -> str:
        """Ana asks in the channel and wants a person; returns her thread."""
        thread = await self.office.mention(self.ana, text)
        await self.office.press(self.ana, self.live(thread), "Talk to a person")
        return thread

    def live(self, thread: str) -> Json:
        """The message of hers with the most to press: her step."""
        found = [one for one in self.slack.by_the_app(self.office.help, thread) if labels(one)]
        return max(found, key=lambda one: len(labels(one)))

    async def write(self, agent: Person, text: str, **more: Any) -> str:
        """An agent writes in the thread."""
        return await self.office.write(agent, text, self.thread(), DESK, **more)

    async def press(self, agent: Person, label: str, shown: Json | None = None) -> None:
        await self.office.press(agent, shown or self.packet(), label)

    async def fill(self, agent: Person, values: Json) -> Json | None:
        """Send the form on that agent's screen; what Slack was answered."""
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
    """The office, with a room for its agents."""
    async with open_office(agents=AGENTS, DESK_ROOM=f"slack:{DESK}", **given) as office:
        yield Room(office)
