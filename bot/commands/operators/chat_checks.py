"""Asks the chat platforms for `doctor`: do they take the tokens, and can the agents' channels be used."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bot.commands.operators.checks import CheckResult, platforms

if TYPE_CHECKING:
    from bot.ports import PlatformCheck
    from bot.wiring.flow_files import FlowFiles
    from bot.wiring.product import Platforms
    from bot.wiring.settings import Settings

CONTACT_S: Final = 8.0
"""Seconds that a platform gets to answer."""

TOKENS: Final[Mapping[str, str]] = MappingProxyType({"slack": "SLACK_BOT_TOKEN", "discord": "DISCORD_TOKEN"})
TITLES: Final[Mapping[str, str]] = MappingProxyType({"slack": "Slack", "discord": "Discord"})


async def chats(
    settings: "Settings", flow_files: "FlowFiles", opened: "Platforms"
) -> tuple[CheckResult, ...]:
    """Ask each platform whose token is set. What cannot be asked is said to be not checked."""
    results: list[CheckResult] = []
    broken = {each.what for each in platforms(settings) if each.state == "broken"}
    for platform in opened.each:
        if TOKENS[platform.name] in broken:
            continue  # another line says what is wrong with its form
        title = TITLES[platform.name]
        try:
            async with asyncio.timeout(CONTACT_S):
                checks = await platform.checks(_rooms(settings, flow_files, platform.name))
        except TimeoutError:
            results.append(CheckResult("advice", title, "not checked: it does not answer"))
        else:
            results.extend(_results(title, checks))
    return tuple(results)


def _rooms(settings: "Settings", flow_files: "FlowFiles", platform: str) -> frozenset[str]:
    """Return the agents' channels on a platform; none if the settings are wrong, which another line says."""
    from bot.wiring.app import outside
    from bot.wiring.catalogue import teams_of
    from bot.wiring.rooms import rooms
    from bot.wiring.settings import SettingsError
    from flows.conversation import Address

    try:
        found = rooms(settings.desk_room, outside(), teams_of(flow_files.catalogue))
    except SettingsError:
        return frozenset()
    named = map(Address.parse, found.values())
    return frozenset(each.room for each in named if each.channel == platform)


def _results(title: str, checks: "Sequence[PlatformCheck]") -> Iterator[CheckResult]:
    for check in checks:
        if check.problem:
            summary, _, how = check.problem.partition("; ")
            yield CheckResult("broken", f"{title} {check.what}", summary, how)
        elif check.unchecked:
            why, _, how = check.unchecked.partition("; ")
            yield CheckResult("advice", f"{title} {check.what}", f"not checked: {why}", how)
        elif check.advice:
            summary, _, how = check.advice.partition("; ")
            yield CheckResult("advice", f"{title} {check.what}", summary, how)
        else:
            yield CheckResult("ok", f"{title} {check.what}", f"works; {title} was asked")
