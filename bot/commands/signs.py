"""What `doctor` looks at, a sign each; and those of the chat platforms: what is set, what is missing, how to get it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.commands.typed import typed

if TYPE_CHECKING:
    from bot.settings import Settings

State = Literal["ok", "advice", "broken"]


@dataclass(frozen=True)
class Sign:
    """One thing that was looked at: how it is, and what to do about it."""

    state: State
    what: str
    told: str
    remedy: str = ""


def platforms(settings: "Settings") -> Iterator[Sign]:
    """The chat platforms, by their settings alone: nothing is asked of them, and no token is shown."""
    yield from _slack(settings)
    yield from _discord(settings)


def _slack(settings: "Settings") -> Iterator[Sign]:
    bot, app = settings.slack_bot_token.get_secret_value(), settings.slack_app_token.get_secret_value()
    signing = settings.slack_signing_secret.get_secret_value()
    if not (bot or app or signing):
        yield Sign(
            "advice", "Slack", "is left alone: SLACK_BOT_TOKEN is not set", "docs/slack.md, ten minutes"
        )
        return
    yield _token("SLACK_BOT_TOKEN", bot, r"xoxb-\S+", "copy the Bot User OAuth Token from Install App")
    if app:
        how = "generate an App-Level Token with connections:write under Basic Information"
        yield _token("SLACK_APP_TOKEN", app, r"xapp-\S+", how)
    elif signing:
        missing = (
            "" if settings.public_url.startswith("https://") else ": PUBLIC_URL must be an https address"
        )
        told = f"is heard over HTTP, at PUBLIC_URL/slack/events{missing}"
        yield Sign("broken" if missing else "ok", "Slack", told, "set PUBLIC_URL" if missing else "")
    else:
        how = "set SLACK_APP_TOKEN (Basic Information, App-Level Tokens), or SLACK_SIGNING_SECRET for HTTP"
        yield Sign("broken", "Slack", "can be written to, but nothing is heard of it", how)
    if not settings.slack_agents:
        told = "is not set: nobody who writes in a customer's thread takes over"
        yield Sign("advice", "SLACK_AGENTS", told, "set it to ids of user groups (S…) or users (U…)")


def _discord(settings: "Settings") -> Iterator[Sign]:
    from adapters.discord.manifest import application_of

    token = settings.discord_token.get_secret_value()
    if not token:
        yield Sign(
            "advice", "Discord", "is left alone: DISCORD_TOKEN is not set", "docs/discord.md, ten minutes"
        )
        return
    how = "press Reset Token under Bot in the developer portal, and copy it whole"
    sign = _token("DISCORD_TOKEN", token, r"[\w-]{18,}\.[\w-]+\.[\w-]+", how)
    yield sign
    if sign.state == "ok" and application_of(token):
        yield Sign("ok", "Discord", f"let it into a server by what {typed('manifest', 'discord')} prints")
    wanted = (
        (
            "DISCORD_FORUMS",
            settings.discord_forums,
            "posts in forums are answered only where it is mentioned",
        ),
        ("DISCORD_AGENTS", settings.discord_agents, "nobody who writes in a customer's thread takes over"),
    )
    for name, value, lacking in wanted:
        if value:
            yield Sign("ok", name, ", ".join(value))
        else:
            how = "switch on Developer Mode in Discord, then Copy ID from the menu of a forum or a role"
            yield Sign("advice", name, f"is not set: {lacking}", how)
    if settings.discord_message_content == "off":
        told = "is off: free text in threads and posts is read only in mentions and replies"
        yield Sign("advice", "DISCORD_MESSAGE_CONTENT", told)


def _token(name: str, value: str, form: str, how: str) -> Sign:
    """Whether it is set, and looks like one; it is never shown."""
    if not value:
        return Sign("broken", name, "is not set", how)
    if not re.fullmatch(form, value.strip()):
        return Sign("broken", name, "is set, but does not look like one", how)
    return Sign("ok", name, "is set")
