"""Runs the stand-in for Slack on a port of this machine."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from copy import deepcopy
from typing import Self

from aiohttp import web

from adapters.slack.api import manifest
from tests.fakes.slack import forwards, payloads, vendor_types
from tests.fakes.slack.answers import Answer, Delivery
from tests.fakes.slack.bell import Bell
from tests.fakes.slack.faults import Faults
from tests.fakes.slack.http import Http
from tests.fakes.slack.limits import Limits
from tests.fakes.slack.notifications import notifying
from tests.fakes.slack.people import Person
from tests.fakes.slack.post import Post
from tests.fakes.slack.refusals import Json
from tests.fakes.slack.sockets import Ack, Sockets
from tests.fakes.slack.state import Channel, User, Workspace, named
from tests.fakes.slack.web import Call, WebApi

EVENTS = frozenset(name.partition(".")[0] for name in manifest.EVENTS)


class Slack:
    """Runs Slack. Start it, add channels and people, point a bot at `api`, and let the people act."""

    def __init__(self, token: str, app_token: str, signing_secret: str, team: str) -> None:
        self.token, self.app_token, self.signing_secret = token, app_token, signing_secret
        self.bell = Bell()
        self.faults = Faults()
        self.workspace = Workspace(team=team)
        self.sockets = Sockets(self.bell, self.workspace.app_id)
        self.http = Http(signing_secret)
        self.post = Post(self.sockets, self.http, self.faults, self.bell)
        self.web = WebApi(self.workspace, self.sockets, self.faults, self.bell, token, app_token)
        self.subscribed = set(EVENTS)
        self.echoes = True
        self.workspace.emit = self._echo
        self._runner: web.AppRunner | None = None
        bot = User(self.workspace.bot_user, team, "Troubletree", bot_id=self.workspace.bot_id)
        self.workspace.users[bot.id] = bot

    @classmethod
    async def start(
        cls,
        *,
        port: int = 0,
        token: str = "xoxb-stand-in",
        app_token: str = "xapp-1-stand-in",
        signing_secret: str = "stand-in-signing-secret",
        team: str = "T1",
    ) -> Self:
        """Listen on 127.0.0.1. Port 0 takes any free port."""
        slack = cls(token, app_token, signing_secret, team)
        await slack._listen(port)
        return slack

    @classmethod
    @asynccontextmanager
    async def running(cls, **given: str) -> AsyncIterator[Self]:
        """Start Slack, and stop it at the end. Raises AssertionError for what Slack's own types do not take."""
        slack = await cls.start(**given)  # type: ignore[arg-type]  # only the port is no string, and stays 0
        try:
            yield slack
        finally:
            await slack.stop()
        if found := slack.faults_by_types():
            raise AssertionError("Slack's own types do not take this:\n" + "\n".join(found[:5]))

    def faults_by_types(self) -> list[str]:
        """Return what Slack's own types have against the calls that were taken and the events that were sent."""
        events = (one.payload["event"] for one in self.post.deliveries if one.kind == "events_api")
        found = [fault for event in events for fault in vendor_types.faults_of_an_event(event)]
        taken = (call for call in self.web.calls if call.ok)
        return found + [
            fault for call in taken for fault in vendor_types.faults_of_a_call(call.method, call.args)
        ]

    async def _listen(self, port: int) -> None:
        from tests.fakes.slack.control import Control

        app = web.Application(client_max_size=8 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self.web.handle)
        app.router.add_get("/link/", self.sockets.handle)
        app.router.add_post("/respond/{id}", self.web.respond)
        app.router.add_get("/files-pri/{id}/{name:.+}", self.web.download)
        app.router.add_post("/upload/{id}", self.web.upload)
        app.router.add_post("/control", Control(self).handle)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.workspace.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        await self.post.stop()
        await self.sockets.close()
        await self.http.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def address(self) -> str:
        return self.workspace.address

    @property
    def limits(self) -> Limits:
        """Return the limits on calls. There are none until a test sets them; `limits.real()` sets Slack's own."""
        return self.web.limits

    @property
    def scopes(self) -> set[str]:
        """Return the bot token's scopes. A test may remove some."""
        return self.web.scopes

    @property
    def api(self) -> str:
        """Return the address for SLACK_API_URL."""
        return f"{self.workspace.address}/api/"

    # ---- who and what there is

    def channel(
        self,
        id: str,
        name: str = "",
        *,
        private: bool = False,
        shared: bool = False,
        joined: bool = True,
        archived: bool = False,
    ) -> str:
        """Add a channel with every person in it, and with the app if it `joined`. Return its id."""
        made = Channel(id, name or id.lower(), is_private=private, is_ext_shared=shared, is_archived=archived)
        made.members = {one for one in self.workspace.users if one != self.workspace.bot_user}
        if joined:
            made.members.add(self.workspace.bot_user)
        self.workspace.channels[id] = made
        return id

    def person(
        self,
        id: str,
        *,
        name: str = "",
        team: str = "",
        locale: str = "en-US",
        tz: str = "Europe/London",
        bot_id: str = "",
        enterprise: str = "",
        teams: tuple[str, ...] = (),
    ) -> Person:
        """Add a person to every channel. With another `team`, the person is a stranger; with `bot_id`, another app.

        `enterprise` and `teams` are a stranger's on Enterprise Grid.
        """
        user = User(id, team or self.workspace.team, name or id, locale, tz, bot_id)
        user.enterprise, user.teams = enterprise, teams
        if user.team in self.workspace.org:
            user.enterprise, user.teams = self.workspace.enterprise, self.workspace.org
        self.workspace.users[id] = user
        for channel in self.workspace.channels.values():
            if channel.kind not in ("im", "mpim"):
                channel.members.add(id)
        return Person(user, self.workspace, self.post, self.subscribed)

    def grid(self, enterprise: str, *teams: str) -> None:
        """Make the workspace part of an organization on Enterprise Grid; `teams` are all its workspaces."""
        self.workspace.enterprise, self.workspace.org = enterprise, teams

    def usergroup(self, id: str, *users: str) -> str:
        self.workspace.usergroups[id] = list(users)
        return id

    # ---- what is there to see; messages come as copies, so a test can press what was on the screen before

    def message(self, ts: str) -> Json:
        """Return a message as it is now. Raises LookupError."""
        return deepcopy(self.workspace.find(ts)[1])

    def messages(self, channel: str) -> list[Json]:
        """Return all messages of a channel, including threads, oldest first."""
        held = self.workspace.channels[channel].messages.values()
        return sorted(deepcopy([*held]), key=lambda one: str(one["ts"]))

    def thread(self, channel: str, ts: str) -> list[Json]:
        """Return a message and its replies, oldest first."""
        return deepcopy(self.workspace.thread(channel, ts))

    def by_the_app(self, channel: str, thread: str = "") -> list[Json]:
        """Return the app's own messages in a channel or thread, oldest first."""
        found = self.thread(channel, thread) if thread else self.messages(channel)
        return [one for one in found if one.get("bot_id") == self.workspace.bot_id]

    def shown_to(self, person: Person | str) -> list[Json]:
        """Return a person's ephemeral messages, oldest first."""
        user = person if isinstance(person, str) else person.id
        return [deepcopy(one.message) for one in self.workspace.ephemerals if one.user == user]

    def notified(self, person: Person | str) -> list[Json]:
        """Return the messages that notify a person: direct ones, mentions, and those in threads that they follow."""
        return deepcopy(notifying(self.workspace, person if isinstance(person, str) else person.id))

    def view_of(self, person: Person | str) -> Json | None:
        """Return the modal on top of a person's screen."""
        stack = self.workspace.stacks.get(person if isinstance(person, str) else person.id, [])
        return self.workspace.views[stack[-1]] if stack else None

    def home_of(self, person: Person | str) -> Json | None:
        return self.workspace.homes.get(person if isinstance(person, str) else person.id)

    def calls(self, method: str = "", *, ok: bool | None = None) -> list[Call]:
        """Return the calls so far, of one method or all. `ok` selects answered or refused ones."""
        return [
            call for call in self.web.calls if method in ("", call.method) and (ok is None or call.ok is ok)
        ]

    @property
    def acks(self) -> list[Ack]:
        return self.sockets.acks

    @property
    def deliveries(self) -> list[Delivery]:
        return self.post.deliveries

    async def until(self, true: Callable[[], object], seconds: float = 30.0) -> None:
        """Wait until `true()` holds. Raises TimeoutError with what happened instead."""
        try:
            await self.bell.until(true, seconds)
        except TimeoutError:
            made = [f"{call.method}: {call.answer.get('error', 'ok')}" for call in self.web.calls[-20:]]
            raise TimeoutError(f"not within {seconds} s; the last calls were {made}") from None

    async def settled(self, seconds: float = 30.0) -> None:
        """Wait until nothing is being delivered to the bot."""
        await self.until(lambda: all(one.over for one in self.post.deliveries), seconds)

    async def connected(self, count: int = 1, seconds: float = 30.0) -> None:
        """Wait for that many open sockets."""
        await self.until(lambda: len(self.sockets.open) >= count, seconds)

    # ---- what happens to the app

    def posts_to(self, url: str) -> None:
        """Switch to HTTP mode with that address; "" switches back to Socket Mode."""
        self.http.url = url

    def tells(self, event: Json, channel: str = "") -> Delivery:
        """Deliver a hand-made event."""
        place = self.workspace.channels.get(channel)
        return self.post.event(payloads.envelope(self.workspace, event, place))

    def unfurls(self, ts: str, link: str, title: str, text: str) -> None:
        """Add the preview of a linked page to a message, which Slack tells as a change of the message."""
        channel, message = self.workspace.find(ts)
        before = dict(message)
        message["attachments"] = [*message.get("attachments", []), forwards.preview(link, title, text)]
        event = payloads.about_message(channel, message, was=before, event_ts=self.workspace.ts())
        self.post.event(payloads.envelope(self.workspace, event, channel))

    def deletes_channel(self, id: str) -> None:
        """Delete a channel: every call about it gets channel_not_found."""
        del self.workspace.channels[id]

    def deletes_thread(self, channel: str, ts: str) -> None:
        """Delete a thread with all its messages: a reply to it gets thread_not_found."""
        held = self.workspace.channels[channel].messages
        for message in self.workspace.thread(channel, ts):
            held.pop(str(message["ts"]), None)

    def revoke(self, error: str = "token_revoked") -> None:
        """Make every call fail: `token_revoked`, `account_inactive` or `invalid_auth`."""
        self.web.dead = error

    def restore(self) -> None:
        """Make the token work again, with all scopes."""
        self.web.dead = ""
        self.web.scopes = {*self.web.scopes, "channels:history", "groups:history", "im:history"}

    def hide_history(self) -> None:
        """Forbid reading history: missing_scope."""
        self.web.scopes -= {"channels:history", "groups:history", "im:history"}

    async def verifies(self) -> Answer:
        """Send the challenge that Slack sends to a new request URL."""
        body: Json = {"type": "url_verification", "token": "t", "challenge": named("", 40)}
        answer = await self.http.send("events_api", body)
        return answer if body["challenge"] in answer.text else Answer(acked=False, status=answer.status)

    def _echo(self, event: Json, channel: Channel) -> None:
        """Deliver the app's own messages to the app, as Slack does."""
        if self.echoes and "message" in self.subscribed:
            self.post.event(payloads.envelope(self.workspace, event, channel))
