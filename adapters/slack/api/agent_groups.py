"""Asks Slack whether the user groups of SLACK_AGENTS exist, and whether the app may look into them."""

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Final

from slack_sdk.errors import SlackApiError

from adapters.slack.api.addresses import listed
from adapters.slack.api.client import FAILURES, INTERACTION_TIMEOUT_S, SlackClient, error_of
from bot.ports import PlatformCheck

KEPT_S: Final = 60.0
"""Seconds that an answer is cached."""


class AgentGroups:
    """Checks user groups with `usergroups.users.list`."""

    def __init__(
        self, client: SlackClient, agents: Iterable[str], now: Callable[[], float] = time.monotonic
    ) -> None:
        """`agents` are ids of users and groups, as an operator lists them."""
        self._client = client
        self._groups = sorted(name for name in listed(agents) if name.startswith("S"))
        self._now = now
        self._until = 0.0
        self._kept: tuple[PlatformCheck, ...] = ()

    async def checks(self) -> tuple[PlatformCheck, ...]:
        """Check the groups, all at once. Raises nothing."""
        if self._now() >= self._until:
            self._kept = tuple(await asyncio.gather(*map(self._check, self._groups)))
            self._until = self._now() + KEPT_S
        return self._kept

    async def _check(self, group: str) -> PlatformCheck:
        what = f"group {group}"
        try:
            async with asyncio.timeout(INTERACTION_TIMEOUT_S):
                answer = await self._client.read("", "usergroups.users.list", usergroup=group)
        except SlackApiError as failure:
            return _refused(what, error_of(failure))
        except FAILURES:
            return PlatformCheck(what=what, unchecked="Slack does not answer")
        empty = "has no members; add your agents to it"
        return PlatformCheck(what=what, problem="" if answer.get("users") else empty)


def _refused(what: str, error: str) -> PlatformCheck:
    match error:
        case "no_such_subteam" | "subteam_not_found":
            return PlatformCheck(what=what, problem="does not exist; check its id in SLACK_AGENTS")
        case "missing_scope":
            how = "add usergroups:read under OAuth & Permissions, and reinstall the app"
            return PlatformCheck(
                what=what, problem=f"cannot be looked up, so no one in it is an agent; {how}"
            )
        case _:
            return PlatformCheck(what=what, unchecked=f"Slack answers {error or 'nothing readable'}")
