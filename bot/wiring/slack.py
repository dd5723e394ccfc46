"""Opens Slack if its token is set, and listens to it over sockets or over HTTP."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from bot.agents.thread import AgentThread
from bot.ports import Bookmarks
from bot.wiring.chats import PlatformRefused, agent_desk, chat_ports
from bot.wiring.product import App, Platforms
from bot.wiring.settings import Settings

if TYPE_CHECKING:
    from adapters.slack.app import SlackApp
    from adapters.slack.ports import Ports


def open_slack(settings: Settings) -> "SlackApp | None":
    """Return the app in its workspace; None without a bot token."""
    if not settings.slack_bot_token.get_secret_value():
        return None
    from adapters.slack.app import Access, SlackApp

    return SlackApp(
        Access(
            bot_token=settings.slack_bot_token.get_secret_value(),
            app_token=settings.slack_app_token.get_secret_value(),
            signing_secret=settings.slack_signing_secret.get_secret_value(),
            api_url=settings.slack_api_url,
            agents=settings.slack_agents,
        )
    )


def slack_ports(app: App) -> "Ports":
    """Return the ports of Slack's receiver."""
    from adapters.slack.api.addresses import SLACK, listed
    from adapters.slack.ports import Ports

    return Ports(
        **vars(chat_ports(app, SLACK, listed, AgentThread(agent_desk(app)))),
        bookmarks=app.store.bookmarks,
        offer_in=listed(app.settings.slack_offer_in),
        product=app.settings.product_name,
        queue=app.queue,
        desk=f"{app.settings.public_url}/desk/c/" if app.settings.public_url else "",
    )


def attach_slack(platforms: Platforms, bookmarks: Bookmarks) -> None:
    """Let Slack keep what every process needs to know of its workspace."""
    slack = _slack_in(platforms)
    if slack is not None:
        slack.attach(bookmarks)


def _slack_of(app: App) -> "SlackApp | None":
    return _slack_in(app.platforms)


def _slack_in(platforms: Platforms) -> "SlackApp | None":
    slack = platforms.named("slack")
    if slack is None:
        return None
    from adapters.slack.app import SlackApp

    return slack if isinstance(slack, SlackApp) else None


async def hear_slack(app: App, stop: asyncio.Event, on_state: Callable[[int], None]) -> None:
    """Listen to Slack over sockets until `stop` is set. Raises PlatformRefused."""
    from adapters.slack.api.preflight import PreflightRefused

    slack = _slack_of(app)
    assert slack is not None, "serve asks first"
    try:
        await slack.hear(slack_ports(app), stop, on_state)
    except PreflightRefused as refused:
        raise PlatformRefused(str(refused)) from None


async def check_slack(app: App, stop: asyncio.Event) -> None:
    """Check the token before Slack's first request, if Slack sends requests over HTTP. Raises PlatformRefused."""
    slack = _slack_of(app)
    if slack is None or not slack.access.signing_secret:
        return
    from adapters.slack.api.preflight import PreflightRefused

    try:
        await slack.preflight(stop)
    except PreflightRefused as refused:
        raise PlatformRefused(str(refused)) from None


def slack_guard(app: App, now: Callable[[], float]) -> Mapping[str, Callable[..., Awaitable[None]]]:
    """Return the application that takes Slack's requests, by its path; empty without a signing secret."""
    slack = _slack_of(app)
    if slack is None or not slack.access.signing_secret:
        return {}
    from adapters.slack.api.manifest import PATH

    return {PATH: slack.guard(slack_ports(app), now)}
