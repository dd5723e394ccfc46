"""The chat platforms the operator has tokens for; with `bot.app` the composition root, which alone knows adapters."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.finder import Finder
from bot.ports import Channel, Files, Limiter, Look, Receive
from bot.settings import Settings
from flows.catalogue import Catalogue

if TYPE_CHECKING:
    from adapters.slack.app import SlackApp
    from adapters.slack.counter import Ports
    from adapters.storage.store import Store


class PlatformRefused(Exception):
    """A platform says that a token will not do; the text is one line that says what to do."""


class Running(Protocol):
    """What a platform stands on: the product, put together and attached to its store."""

    @property
    def settings(self) -> Settings:
        """What the operator has set."""

    @property
    def store(self) -> "Store":
        """Where everything is kept."""

    @property
    def receive(self) -> Receive:
        """The one way in."""

    @property
    def look(self) -> Look:
        """What a person sees."""

    @property
    def catalogue(self) -> Catalogue:
        """The flows on offer."""

    @property
    def platforms(self) -> "Platforms":
        """Those that are set up."""


@dataclass(frozen=True)
class Platforms:
    """Those that are set up; None for the others."""

    slack: "SlackApp | None" = None

    def files(self, channel: str) -> Files | None:
        """What fetches files that were sent on that channel; None where nothing can."""
        return self.slack.files() if self.slack is not None and channel == "slack" else None

    def senders(self, limiter: Limiter) -> tuple[Channel, ...]:
        """What the outbox sends with, in every process."""
        return () if self.slack is None else (self.slack.sender(limiter),)


@asynccontextmanager
async def open_platforms(settings: Settings) -> AsyncIterator[Platforms]:
    """Those whose tokens are set. Nothing is sent or asked before somebody needs it."""
    if not settings.slack_bot_token.get_secret_value():
        yield Platforms()
        return
    from adapters.slack.app import Access, SlackApp

    slack = SlackApp(
        Access(
            bot_token=settings.slack_bot_token.get_secret_value(),
            app_token=settings.slack_app_token.get_secret_value(),
            signing_secret=settings.slack_signing_secret.get_secret_value(),
            api_url=settings.slack_api_url,
            agents=settings.slack_agents,
        )
    )
    try:
        yield Platforms(slack=slack)
    finally:
        await slack.close()


def slack_ports(app: Running) -> "Ports":
    """What Slack's receiver is given."""
    from adapters.slack.counter import Ports
    from adapters.slack.places import listed

    store, settings = app.store, app.settings
    return Ports(
        receive=app.receive,
        look=app.look,
        finder=Finder(store.places, store.conversations, store.outbox, app.look),
        marks=store.marks,
        vault=store.vault,
        catalogue=lambda: app.catalogue,
        offer_in=listed(settings.slack_offer_in),
        product=settings.product_name,
        support=settings.support_email,
    )


async def hear_slack(app: Running, stop: asyncio.Event, on_state: Callable[[int], None]) -> None:
    """Hear Slack over sockets until told to stop. Raises PlatformRefused."""
    from adapters.slack.preflight import Refused

    assert app.platforms.slack is not None, "serve asks first"
    try:
        await app.platforms.slack.hear(slack_ports(app), stop, on_state)
    except Refused as refused:
        raise PlatformRefused(str(refused)) from None


def slack_guard(app: Running, now: Callable[[], float]) -> Mapping[str, Callable[..., Awaitable[None]]]:
    """What hears Slack over HTTP, by its path; nothing where there is no signing secret."""
    slack = app.platforms.slack
    if slack is None or not slack.access.signing_secret:
        return {}
    from adapters.slack.manifest import PATH

    return {PATH: slack.guard(slack_ports(app), now)}
