"""Looks up Slack users: name, language, time zone, and whether they are an agent; cached for a while."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError

from adapters.slack.api.ack_budget import lookup_time
from adapters.slack.api.addresses import Person, listed
from adapters.slack.api.client import SlackClient, error_of
from bot.telemetry import log
from flows.values import Frozen

PERSON_KEPT_S: Final = 3600.0
"""Seconds that a user's name, language and time zone are cached."""

GROUP_KEPT_S: Final = 300.0
"""Seconds that a user group's members are cached: a former agent loses access no later."""

GROUP_RETRY_S: Final = 5.0
"""Seconds until a failed lookup of a group is repeated: agents must not be refused for long."""

UNKNOWN: Final = frozenset(
    ["missing_scope", "no_such_subteam", "subteam_not_found", "user_not_found", "user_not_visible"]
)
"""Error codes that are an answer, too: Slack shows the app no such person or group."""

SLACKBOT: Final = "USLACKBOT"
"""The user id of Slackbot, of whom Slack does not say that it is a bot."""

TEAMS: Final = 50
"""Workspaces of a user that are kept; an organization may have hundreds."""

REMEMBERED: Final = 5000
"""Users cached at a time."""


class Known(Frozen):
    """What Slack says about a user; every field may be empty, and for users of other teams often is.

    `bot` says that the user is no person, `gone` that the account is deactivated. On Enterprise Grid, `enterprise` is
    the user's organization and `teams` are their workspaces in it; `ids` are theirs in workspace and organization.
    `answered` is False as long as Slack has said nothing at all.
    """

    name: str = ""
    locale: str = ""
    zone: str = ""
    team: str = ""
    bot: bool = False
    enterprise: str = ""
    teams: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    gone: bool = False
    answered: bool = False

    @property
    def company(self) -> str:
        """The user's organization, or else their workspace; '' if Slack did not say."""
        return self.enterprise or self.team


class IdentityUnknown(Exception):
    """Raised when Slack does not say in time who a person is, and a guess could be wrong. The next request may know."""


class Directory:
    """Looks up users by team and user id. Lookups are short, and a failed one raises nothing."""

    def __init__(
        self, client: SlackClient, agents: Iterable[str] = (), now: Callable[[], float] = time.monotonic
    ) -> None:
        """`agents` are ids of users (U…, W…) and user groups (S…), as an operator lists them; `now` in seconds."""
        self._client = client
        names = listed(agents)
        self._users = frozenset(name for name in names if not name.startswith("S"))
        self._groups = names - self._users
        self._now = now
        self._known: dict[str, tuple[float, Known]] = {}
        self._members: dict[tuple[str, str], tuple[float, frozenset[str]]] = {}
        self._unread: set[tuple[str, str]] = set()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._log = log("slack")

    async def known(self, person: Person, workspace: str) -> Known:
        """Look up a user's details."""
        until, known = self._known.get(person.user, (0.0, Known()))
        if until <= self._now():
            await self._in_time(person.user, partial(self._look_up, person, workspace))
            known = self._known.get(person.user, (0.0, known))[1]
        return known

    async def _look_up(self, person: Person, workspace: str) -> None:
        answer = await self._read(workspace, "users.info", user=person.user, include_locale="true")
        user = answer.get("user") if answer is not None else None
        if answer is not None and not answer:
            self._keep(person.user, Known(answered=True), GROUP_KEPT_S)
        if not isinstance(user, dict):
            return
        profile = user.get("profile") or {}
        name = profile.get("display_name") or user.get("real_name") or profile.get("real_name")
        org = user.get("enterprise_user") or {}
        known = Known(
            name=str(name or user.get("name") or "")[:80],
            locale=str(user.get("locale") or "")[:35],
            zone=str(user.get("tz") or "")[:64],
            team=str(user.get("team_id") or ""),
            enterprise=str(org.get("enterprise_id") or user.get("enterprise_id") or ""),
            teams=tuple(map(str, org.get("teams") or ()))[:TEAMS],
            ids=tuple(str(each["id"]) for each in (user, org) if each.get("id")),
            bot=bool(user.get("is_bot")) or person.user == SLACKBOT,
            gone=bool(user.get("deleted")),
            answered=True,
        )
        self._keep(person.user, known, PERSON_KEPT_S)

    def _keep(self, user: str, known: Known, seconds: float) -> None:
        while len(self._known) >= REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[user] = (self._now() + seconds, known)

    async def recognizes(self, person: Person, workspace: str) -> bool:
        """Whether the user is an agent, as `is_agent`. Raises IdentityUnknown if only Slack's silence is against it."""
        if await self.is_agent(person, workspace):
            return True
        if person.team == workspace and self._silent(workspace):
            raise IdentityUnknown("Slack does not say who is in a user group of SLACK_AGENTS")
        return False

    def _silent(self, workspace: str) -> bool:
        """Whether Slack has never said who is in one of the groups."""
        groups = {(workspace, group) for group in self._groups}
        return not (self._unread.isdisjoint(groups) and groups <= self._members.keys())

    async def is_agent(self, person: Person, workspace: str) -> bool:
        """Whether the user is one of the operator's agents; a user of another team never is (law L11)."""
        if person.team != workspace:
            return False
        if person.user in self._users:
            return True
        members = await asyncio.gather(*(self._of(group, workspace) for group in self._groups))
        listed_ids = self._users.union(*members)
        if person.user in listed_ids:
            return True
        # On Enterprise Grid, people may have an id of the organization besides, and either may be listed.
        global_ids = any(one.startswith("W") for one in (person.user, *listed_ids))
        return global_ids and not listed_ids.isdisjoint((await self.known(person, workspace)).ids)

    async def _of(self, group: str, workspace: str) -> frozenset[str]:
        until, members = self._members.get((workspace, group), (0.0, frozenset[str]()))
        if until <= self._now():
            await self._in_time(group, partial(self._look_up_group, group, workspace))
            members = self._members.get((workspace, group), (0.0, members))[1]
        return members

    async def _look_up_group(self, group: str, workspace: str) -> None:
        answer = await self._read(workspace, "usergroups.users.list", usergroup=group)
        if answer is None and (workspace, group) not in self._members:
            self._unread.add((workspace, group))
        elif answer is not None:
            self._unread.discard((workspace, group))
        _, members = self._members.get((workspace, group), (0.0, frozenset[str]()))
        if answer:
            members = frozenset(map(str, answer.get("users") or ()))
        lasts = GROUP_KEPT_S if answer else GROUP_RETRY_S
        self._members[workspace, group] = (self._now() + lasts, members)

    async def expect(self, person: Person, workspace: str) -> None:
        """Look a user and the groups up at the same time, so that later lookups need not wait for each other."""
        groups = () if person.team != workspace else self._groups
        await asyncio.gather(self.known(person, workspace), *(self._of(group, workspace) for group in groups))

    async def close(self) -> None:
        """End the lookups that go on in the background."""
        running = tuple(self._running.values())
        for lookup in running:
            lookup.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _in_time(self, name: str, look: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Wait for a lookup for as long as the request can wait. A late lookup goes on, for the next request."""
        running = self._running.get(name)
        if running is None:
            running = self._running[name] = asyncio.create_task(look())
            running.add_done_callback(lambda _task: self._running.pop(name, None))
        done, _ = await asyncio.wait({running}, timeout=lookup_time())
        for ended in done:
            ended.result()

    async def _read(self, workspace: str, method: str, **params: str) -> dict[str, Any] | None:
        """Return what Slack says: {} if it knows no such person or group, None if it does not say."""
        try:
            return dict(await self._client.read(workspace, method, **params))
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as failure:
            self._log.warning("a lookup in Slack failed", method=method, reason=str(failure)[:200])
            definite = isinstance(failure, SlackApiError) and error_of(failure) in UNKNOWN
            return {} if definite else None
