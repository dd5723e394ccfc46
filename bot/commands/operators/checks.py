"""Defines the result of each check of `doctor`, and checks the chat platforms: what is set, what is missing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.commands.program_name import typed

if TYPE_CHECKING:
    from bot.wiring.settings import Settings

State = Literal["ok", "advice", "broken"]


@dataclass(frozen=True)
class CheckResult:
    """The result of one check: its state, and what to do about it."""

    state: State
    what: str
    summary: str
    remedy: str = ""


def platforms(settings: "Settings") -> Iterator[CheckResult]:
    """Check the chat platforms by their settings only; `chat_checks` asks the platforms. No token is shown."""
    yield from _slack(settings)
    yield from _discord(settings)


def _slack(settings: "Settings") -> Iterator[CheckResult]:
    bot, app = settings.slack_bot_token.get_secret_value(), settings.slack_app_token.get_secret_value()
    signing = settings.slack_signing_secret.get_secret_value()
    if not (bot or app or signing):
        yield CheckResult(
            "advice", "Slack", "off (SLACK_BOT_TOKEN is not set)", "docs/slack.md connects it in ten minutes"
        )
        return
    yield _token("SLACK_BOT_TOKEN", bot, r"xoxb-\S+", "copy the Bot User OAuth Token from Install App")
    if app:
        how = "under Basic Information, generate an App-Level Token with connections:write"
        yield _token("SLACK_APP_TOKEN", app, r"xapp-\S+", how)
    elif signing:
        missing = "" if settings.public_url.startswith("https://") else ", but PUBLIC_URL is no https address"
        summary = f"receives events over HTTP at PUBLIC_URL/slack/events{missing}"
        yield CheckResult(
            "broken" if missing else "ok",
            "Slack",
            summary,
            "set PUBLIC_URL to an https address" if missing else "",
        )
    else:
        how = "set SLACK_APP_TOKEN (Basic Information, App-Level Tokens), or SLACK_SIGNING_SECRET for HTTP"
        yield CheckResult("broken", "Slack", "can send messages but receives none", how)
    if not settings.slack_agents:
        summary = "is not set: no one can take over by replying in a customer's thread"
        yield CheckResult(
            "advice", "SLACK_AGENTS", summary, "set it to the ids of user groups (S…) or users (U…)"
        )


def _discord(settings: "Settings") -> Iterator[CheckResult]:
    from adapters.discord.api.manifest import application_of

    token = settings.discord_token.get_secret_value()
    if not token:
        yield CheckResult(
            "advice",
            "Discord",
            "off (DISCORD_TOKEN is not set)",
            "docs/discord.md connects it in ten minutes",
        )
        return
    how = "in the developer portal, under Bot, click Reset Token and copy the whole token"
    sign = _token("DISCORD_TOKEN", token, r"[\w-]{18,}\.[\w-]+\.[\w-]+", how)
    yield sign
    if sign.state == "ok" and application_of(token):
        yield CheckResult(
            "ok", "Discord", f"{typed('manifest', 'discord')} prints the invite link for your server"
        )
    wanted = (
        (
            "DISCORD_FORUMS",
            settings.discord_forums,
            "the bot answers forum posts only when mentioned",
            "Copy Channel ID from the menu of a forum",
        ),
        (
            "DISCORD_AGENTS",
            settings.discord_agents,
            "no one can take over by replying in a customer's thread",
            "Copy Role ID or Copy User ID from the menu of a role or person",
        ),
    )
    for name, value, lacking, entry in wanted:
        if value:
            yield CheckResult("ok", name, ", ".join(value))
        else:
            how = f"turn on Developer Mode in Discord, then choose {entry}"
            yield CheckResult("advice", name, f"is not set: {lacking}", how)
    if settings.discord_message_content == "off":
        summary = "is off: in threads and posts, the bot reads only mentions and replies"
        yield CheckResult("advice", "DISCORD_MESSAGE_CONTENT", summary)


def _token(name: str, value: str, form: str, how: str) -> CheckResult:
    """Check that a token is set and looks like one; it is never shown."""
    if not value:
        return CheckResult("broken", name, "is not set", how)
    if not re.fullmatch(form, value.strip()):
        return CheckResult("broken", name, "is set, but does not look like a token", how)
    return CheckResult("ok", name, "is set")
