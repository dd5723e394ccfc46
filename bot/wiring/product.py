"""The product as it runs: everything put together on one store, and the chat platforms that are set up."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.desk import Desk
from bot.files import FileFetcher
from bot.outbox import Carrier
from bot.ports import Channel, Files, Limiter, Look, Marker, Receive, Retrace, Uploads
from bot.views.reader import Reader
from bot.views.reply_status import ReplyFollower
from bot.wiring.flow_files import FlowFiles
from bot.wiring.settings import Settings
from flows.catalogue import Catalogue

if TYPE_CHECKING:
    from adapters.storage.store import Store


class Platform(Protocol):
    """A chat platform that is set up; `name` is that of its channel."""

    name: str

    def files(self) -> Files:
        """What fetches the files that people sent there."""

    def sender(self, limiter: Limiter, files: Files, retrace: Retrace) -> Channel:
        """What the outbox sends with, in every process."""

    def marking(self) -> Marker:
        """What shows agents there what became of their replies."""

    def timers(self, receive: Receive, look: Look) -> Receive:
        """The way in for timers that rang: a platform may have another end for a conversation that went quiet."""

    async def close(self) -> None:
        """Let go of all connections."""


@dataclass(frozen=True)
class Platforms:
    """The chat platforms that are set up, in any order."""

    each: tuple[Platform, ...] = ()

    def named(self, name: str) -> Platform | None:
        """The one of that name; None where it is not set up."""
        return next((platform for platform in self.each if platform.name == name), None)

    def files(self, kept: Uploads) -> Files:
        """What fetches files from wherever they lie; `kept` are those that lie with us."""
        return FileFetcher(kept, {platform.name: platform.files for platform in self.each})

    def senders(self, limiter: Limiter, files: Files, retrace: Retrace) -> tuple[Channel, ...]:
        """What the outbox sends with, in every process."""
        return tuple(platform.sender(limiter, files, retrace) for platform in self.each)

    def markers(self) -> tuple[Marker, ...]:
        """What shows agents there what became of their replies."""
        return tuple(platform.marking() for platform in self.each)

    def timers(self, receive: Receive, look: Look) -> Receive:
        """The way in for timers that rang, on all of them."""
        for platform in self.each:
            receive = platform.timers(receive, look)
        return receive


@dataclass(frozen=True)
class App:
    """The product, put together and attached to its store."""

    settings: Settings
    store: "Store"
    shelf: FlowFiles
    desk: Desk
    outbox: Carrier
    reader: Reader
    fates: ReplyFollower
    platforms: Platforms

    @property
    def receive(self) -> Receive:
        """The one way in."""
        return self.desk.receive

    @property
    def look(self) -> Look:
        """What a person sees."""
        return self.reader.screen

    @property
    def catalogue(self) -> Catalogue:
        """The flows on offer."""
        return self.shelf.catalogue
