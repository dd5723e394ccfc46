"""Holds the running product: everything put together on one store, and the chat platforms that are set up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.desk.desk import Desk
from bot.files import FileFetcher, FilesForPeople
from bot.metrics.exposition import Exposition
from bot.metrics.metered import metered_receive
from bot.metrics.meters import Meters
from bot.outbox.carrier import Carrier
from bot.ports import (
    Channel,
    Files,
    Limiter,
    Look,
    Marker,
    Offerer,
    PlatformCheck,
    Receive,
    Retrace,
    Retractor,
    Uploads,
)
from bot.privacy.erasure import Erasure
from bot.unanswered import UnansweredQuestions
from bot.views.queue import Queue
from bot.views.reader import Reader
from bot.views.reply_status import ReplyFollower
from bot.wiring.flow_files import FlowFiles
from bot.wiring.settings import Settings
from flows.catalogue import Catalogue
from flows.conversation import Address

if TYPE_CHECKING:
    from adapters.hearing.encoder import SentenceEncoder
    from adapters.storage.store import Store


class Platform(Protocol):
    """Opens the parts of a chat platform that is set up; `name` is the name of its channel."""

    name: str

    def files(self) -> Files:
        """Return what fetches the files that people sent there."""

    def sender(self, limiter: Limiter, files: Files, retrace: Retrace) -> Channel:
        """Return the sender for the outbox, the same in every process."""

    def marker(self) -> Marker:
        """Return what shows agents there the status of their replies."""

    def retractor(self, limiter: Limiter) -> Retractor:
        """Return what takes back the bot's messages to a person whose data is erased."""

    def offerer(self) -> Offerer:
        """Return what offers help there where a question stays unanswered."""

    def timers(self, receive: Receive, look: Look) -> Receive:
        """Return the way in for timers: a platform may end a silent conversation in a way of its own."""

    async def checks(self, rooms: frozenset[str]) -> Sequence[PlatformCheck]:
        """Ask the platform about its token and the settings' channels; `rooms` are the agents'. Raises nothing."""

    async def close(self) -> None:
        """Close all connections."""


@dataclass(frozen=True)
class Platforms:
    """The chat platforms that are set up, in any order."""

    each: tuple[Platform, ...] = ()

    def named(self, name: str) -> Platform | None:
        """Return the platform of that name; None if it is not set up."""
        return next((platform for platform in self.each if platform.name == name), None)

    def files(self, kept: Uploads) -> Files:
        """Return what fetches files from the platform that stores them; `kept` is our own store."""
        return FileFetcher(kept, {platform.name: platform.files for platform in self.each})

    def files_for_people(self, kept: Uploads) -> Files:
        """Return the same for those who read the files: a platform that fails is busy."""
        return FilesForPeople(self.files(kept))

    def senders(self, limiter: Limiter, files: Files, retrace: Retrace) -> tuple[Channel, ...]:
        """Return the senders for the outbox, the same in every process."""
        return tuple(platform.sender(limiter, files, retrace) for platform in self.each)

    def retractors(self, limiter: Limiter) -> tuple[Retractor, ...]:
        """Return what takes back the bot's messages, on each platform."""
        return tuple(platform.retractor(limiter) for platform in self.each)

    def markers(self) -> tuple[Marker, ...]:
        """Return what shows agents there the status of their replies."""
        return tuple(platform.marker() for platform in self.each)

    def offerers(self) -> tuple[Offerer, ...]:
        """Return what offers help on each platform."""
        return tuple(platform.offerer() for platform in self.each)

    def timers(self, receive: Receive, look: Look) -> Receive:
        """Return the way in for timers of all platforms."""
        for platform in self.each:
            receive = platform.timers(receive, look)
        return receive


@dataclass(frozen=True)
class App:
    """Holds the product, put together and attached to its store."""

    settings: Settings
    store: "Store"
    flow_files: FlowFiles
    desk: Desk
    outbox: Carrier
    reader: Reader
    queue: Queue
    reply_follower: ReplyFollower
    platforms: Platforms
    unanswered: UnansweredQuestions
    encoder: "SentenceEncoder | None"
    meters: Meters
    process: str

    def rooms(self, channel: str) -> frozenset[str]:
        """Return the agents' channels on a platform, as the settings name them."""
        named = (Address.parse(address) for address in self.desk.rooms.values())
        return frozenset(each.room for each in named if each.channel == channel)

    async def problems(self) -> Mapping[str, str]:
        """Say what an operator must mend on the chat platforms, by what it is about."""
        found: dict[str, str] = {}
        for platform in self.platforms.each:
            checks = await platform.checks(self.rooms(platform.name))
            found |= {f"{platform.name} {each.what}": each.problem for each in checks if each.problem}
        return found

    @property
    def receive(self) -> Receive:
        """Return the one way in for events."""
        return metered_receive(self.desk.receive, self.meters)

    @property
    def exposition(self) -> Exposition:
        """Return what shares this process's metrics and draws those of all processes."""
        store = self.store
        return Exposition(self.meters, self.process, store.metrics, store.figures, store.board)

    @property
    def erasure(self) -> Erasure:
        """Return what erases people's data."""
        store = self.store
        retractors = self.platforms.retractors(store.limiter)
        return Erasure(store.people, store.personal_data, store.conversations, retractors)

    @property
    def look(self) -> Look:
        """Return what draws a customer's screen."""
        return self.reader.screen

    @property
    def catalogue(self) -> Catalogue:
        """Return the available flows."""
        return self.flow_files.catalogue
