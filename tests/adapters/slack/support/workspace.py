"""Runs the whole product in one process on Slack's stand-in, with people, channels and a store in memory."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import fakeredis

from adapters.slack.app import Access, SlackApp
from adapters.storage.store import Store
from bot.desk.likeness_meter import LikenessMeter
from bot.ports import Encoder
from bot.views.finder import Finder
from bot.views.reader import Library
from bot.wiring.app import compose
from bot.wiring.flow_files import FlowFiles
from bot.wiring.processes import work
from bot.wiring.product import App, Platforms
from bot.wiring.settings import load_settings
from bot.wiring.slack import slack_ports
from flows.catalogue import Catalogue
from flows.conversation import Conversation
from flows.rules.ticket_reports import EMAIL
from tests.fakes.flows import catalogue
from tests.fakes.slack import Person, Slack, labels, orgs
from tests.fakes.unlimited import Unlimited
from tests.fakes.wait import until
from tests.fakes.world import store_in_memory

Json = dict[str, Any]

SOCKETS = 2
"""Number of sockets that the product opens."""

SUPPORT = "help@lamps.example"


class Process:
    """One process of the product, which listens by sockets and works. `agents` are ids as operators list them."""

    def __init__(
        self,
        slack: Slack,
        server: fakeredis.FakeServer,
        shelf: Catalogue,
        agents: Sequence[str],
        encoder: Encoder | None = None,
        **given: str,
    ) -> None:
        self.store: Store = store_in_memory(server)
        self.store.limiter = Unlimited(self.store.wire)
        self.slack_app = SlackApp(
            Access(bot_token=slack.token, app_token=slack.app_token, api_url=slack.api, agents=tuple(agents))
        )
        self.app: App = compose(
            load_settings({"SUPPORT_EMAIL": SUPPORT, **given}),
            self.store,
            FlowFiles(catalogue=shelf, readings=()),
            (),
            Platforms((self.slack_app,)),
            LikenessMeter(encoder),
        )
        self._stop = asyncio.Event()
        self._tasks = [
            asyncio.create_task(self.slack_app.hear(slack_ports(self.app), self._stop)),
            asyncio.create_task(work(self.app, self._stop)),
        ]

    async def stop(self) -> None:
        """Stop as on SIGTERM: finish the work and close everything."""
        self._stop.set()
        await asyncio.gather(*self._tasks)
        await self.app.outbox.idle()
        await self.slack_app.close()
        await self.store.close()


class Office:
    """Ana asks in `help`, Ben is her colleague, Max an agent. Cleo's team shares the channel `theirs`."""

    def __init__(
        self,
        slack: Slack,
        shelf: Catalogue,
        agents: Sequence[str],
        settings: dict[str, str],
        encoder: Encoder | None = None,
        home: str = "",
    ) -> None:
        """`home` is the primary workspace of Ana, Ben and Max, if that is not the app's."""
        self.slack = slack
        self.help = slack.channel("C1HELP", "help")
        self.theirs = slack.channel("C2SHARED", "acme-and-lamps", shared=True)
        self.ana = slack.person("U1ANA", name="Ana", team=home, locale="de-DE", tz="Europe/Berlin")
        self.ben = slack.person("U2BEN", name="Ben", team=home)
        self.max = slack.person("U9MAX", name="Max", team=home)
        self.cleo = slack.person("U3CLEO", name="Cleo", team="T2")
        self.server = fakeredis.FakeServer(version=(7,))
        self._given = (shelf, agents, encoder, settings)
        self.process = self._started()

    def _started(self) -> Process:
        shelf, agents, encoder, settings = self._given
        return Process(self.slack, self.server, shelf, agents, encoder, **settings)

    @property
    def app(self) -> App:
        return self.process.app

    @property
    def store(self) -> Store:
        return self.process.store

    async def restart(self, shelf: Catalogue | None = None, **settings: str) -> None:
        """Replace the process by another one on the same store, with other flows and settings if given."""
        await self.process.stop()
        kept, agents, encoder, before = self._given
        self._given = (shelf or kept, agents, encoder, before | settings)
        self.process = self._started()
        await self.ready()

    async def ready(self) -> None:
        """Store the flows, so that conversations keep them, and wait until the bot listens."""
        await Library(self.store.revisions, self.app.catalogue).keep()
        await self.slack.connected(SOCKETS)

    def cut_the_store(self) -> None:
        """Make the store unreachable."""
        self.server.connected = False

    def mend_the_store(self) -> None:
        self.server.connected = True

    # ------------------------------------------------------------ what there is to see

    async def quiet(self) -> None:
        """Wait until every event was received and every effect was sent. Email to teams waits on purpose."""
        await until(self._still)

    async def _still(self) -> bool:
        await self.slack.settled()
        await self.app.outbox.idle()
        waiting = await self.store.backlog.waiting()
        return all(one.over for one in self.slack.deliveries) and all(
            letter.channel == EMAIL for letter in waiting
        )

    def said(self, channel: str, thread: str = "") -> list[str]:
        """Return what the bot said there, oldest first: the first line of each message for a screen reader."""
        return [str(one["text"]).split("\n")[0] for one in self.slack.by_the_app(channel, thread)]

    def live(self, channel: str, thread: str = "") -> Json:
        """Return the only message there that can be pressed."""
        found = [one for one in self.slack.by_the_app(channel, thread) if labels(one)]
        assert len(found) == 1, [one["text"] for one in found]
        return found[0]

    def noted(self, person: Person) -> list[str]:
        """Return what only that person was told, oldest first: the first lines."""
        return [str(one["text"]).split("\n")[0] for one in self.slack.shown_to(person)]

    async def at(self, channel: str, thread: str) -> Conversation:
        """Return the conversation in that thread."""
        found = await self._finder.at(f"slack/{self.slack.workspace.team}/{channel}/{thread}")
        assert found is not None
        return found

    async def of(self, person: Person) -> tuple[Conversation, ...]:
        """Return the person's conversations, the newest first."""
        workspace = self.slack.workspace
        team = workspace.team if orgs.ours(workspace, person.user) else person.user.team
        return await self._finder.of(f"slack:{team}:{person.id}")

    async def words(self, conversation: Conversation) -> list[str]:
        """Return the stored texts of people, oldest first."""
        kept = await self.store.conversations.words(conversation.id)
        return [spoken.text for _version, spoken in sorted(kept.items())]

    async def files(self, conversation: Conversation) -> list[tuple[str, str, str, int]]:
        """Return the stored files of people: id, name, type and bytes."""
        kept = await self.store.conversations.words(conversation.id)
        found = [file for _version, spoken in sorted(kept.items()) for file in spoken.files]
        return [(file.id, file.name, file.kind, file.size) for file in found]

    @property
    def _finder(self) -> Finder:
        store = self.store
        return Finder(store.places, store.conversations, store.outbox, self.app.look)

    # ------------------------------------------------------------ what people do, until all of it is done

    async def mention(self, person: Person, text: str, channel: str = "") -> str:
        """Let a person mention the bot in a channel. Return the thread."""
        thread = await person.mentions(channel or self.help, text)
        await self.quiet()
        return thread

    async def write(self, person: Person, text: str, thread: str = "", channel: str = "", **more: Any) -> str:
        """Let a person write in a thread, or directly to the bot if no thread is named. Return the ts."""
        place = channel or (self.help if thread else person.dm)
        ts = await person.writes(place, text, thread=thread, **more)
        await self.quiet()
        return ts

    async def press(self, person: Person, shown: str | Json, label: str) -> None:
        """Let a person press something, and require the ack."""
        answer = await person.presses(shown, label)
        assert answer.acked, answer
        await self.quiet()


@asynccontextmanager
async def open_office(
    shelf: Catalogue | None = None,
    agents: Sequence[str] = ("U9MAX",),
    encoder: Encoder | None = None,
    org: Sequence[str] = (),
    **settings: str,
) -> AsyncIterator[Office]:
    """Run an office with a process that listens. `settings` are named as in the environment. Without an `encoder`,
    plain phrases alone are understood. `org` are an organization and its workspaces; Ana's is the second one.
    """
    async with Slack.running() as slack:
        if org:
            slack.grid(*org)
        office = Office(slack, shelf or catalogue(), agents, settings, encoder, "".join(org[2:3]))
        await office.ready()
        try:
            yield office
        finally:
            office.mend_the_store()
            await office.process.stop()
