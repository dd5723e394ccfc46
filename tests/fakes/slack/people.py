"""Plays a person in Slack who writes, mentions, presses, and fills in and closes forms."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.fakes.slack import forwards, orgs, payloads
from tests.fakes.slack.answers import Answer
from tests.fakes.slack.composer import rich
from tests.fakes.slack.controls import action_of, find, state
from tests.fakes.slack.post import Post
from tests.fakes.slack.refusals import Json, scope_of
from tests.fakes.slack.state import Channel, File, User, Workspace, named
from tests.fakes.slack.views import change, show, stored

Given = str | Json
"""A message, by its ts or as an object."""

FileGiven = tuple[str, bytes] | tuple[str, bytes, str]
"""A file to send: its name, its content and, if it matters, its type."""


class Person:
    """A person in Slack. A method returns once the bot has the event, or has answered a press, command or view."""

    def __init__(self, user: User, workspace: Workspace, post: Post, subscribed: set[str]) -> None:
        self.user = user
        self.id = user.id
        self._workspace, self._post, self._subscribed = workspace, post, subscribed

    @property
    def dm(self) -> str:
        """Return the id of this person's direct messages with the app."""
        return self._workspace.dm(self.id).id

    async def mentions(
        self,
        channel: str,
        text: str,
        *,
        thread: str = "",
        files: Sequence[FileGiven] = (),
        after_s: float | None = None,
    ) -> str:
        """Mention the app. Slack sends it both `app_mention` and `message`. Return the ts."""
        words = f"<@{self._workspace.bot_user}> {text}"
        return await self.writes(channel, words, thread=thread, files=files, after_s=after_s)

    async def writes(
        self,
        channel: str,
        text: str,
        *,
        thread: str = "",
        files: Sequence[FileGiven] = (),
        after_s: float | None = None,
        **more: Any,
    ) -> str:
        """Write in a channel, in a thread or (`ana.dm`) to the app; `more` are fields of the message.

        `after_s` is how long after the newest message there; by default people read it first. Returns the ts.
        """
        place = self._workspace.channels[channel]
        sent = [payloads.shared(self._workspace, self._upload(one)) for one in files]
        ts = self._workspace.written_ts(place, thread, after_s)
        message = payloads.typed(self._workspace, self.user, text, sent, ts) | more
        if thread:
            message["thread_ts"] = thread
        self._workspace.keep(place, message)
        event = payloads.about_message(place, message)
        if f"<@{self._workspace.bot_user}>" in text and place.kind not in ("im", "mpim"):
            mention = {
                name: value for name, value in event.items() if name not in ("channel_type", "subtype")
            }
            self._tell({**mention, **orgs.mentioner(self.user), "type": "app_mention"}, place)
        self._tell(event, place)
        return str(message["ts"])

    async def forwards(self, shown: Given, channel: str, comment: str = "", *, thread: str = "") -> str:
        """Forward a message to a channel, with a comment if given. Return the ts."""
        source, message, _hidden = self._message(shown)
        fields: Json = {"attachments": [forwards.share(self._workspace, source, message)]}
        if not comment:
            fields["blocks"] = []
        return await self.writes(channel, comment, thread=thread, **fields)

    async def edits(self, ts: str, text: str) -> None:
        """Edit the person's own message."""
        channel, message = self._workspace.find(ts)
        before = dict(message)
        at = self._workspace.ts()
        message |= {
            "text": payloads.escaped(text),
            "blocks": rich(text),
            "edited": {"user": self.id, "ts": at},
        }
        self._tell(payloads.about_message(channel, message, was=before, event_ts=at), channel)

    async def deletes(self, ts: str) -> None:
        """Delete the person's own message."""
        channel, _message = self._workspace.find(ts)
        gone = self._workspace.remove(channel, ts)
        self._tell(payloads.about_message(channel, None, was=gone, event_ts=self._workspace.ts()), channel)

    def reacts(self, ts: str, name: str) -> None:
        """React to a message: history shows it, and Slack tells apps that subscribed to reactions."""
        _, message = self._workspace.find(ts)
        known = {one["name"]: one for one in message.setdefault("reactions", [])}
        if name not in known:
            message["reactions"].append({"name": name, "users": [self.id], "count": 1})
        elif self.id not in known[name]["users"]:
            known[name]["users"].append(self.id)
            known[name]["count"] += 1
        self._reaction("reaction_added", ts, name)

    def takes_back(self, ts: str, name: str) -> None:
        """Take a reaction back."""
        _, message = self._workspace.find(ts)
        (known,) = (one for one in message["reactions"] if one["name"] == name)
        known["users"].remove(self.id)
        known["count"] -= 1
        message["reactions"] = [one for one in message["reactions"] if one["count"]]
        self._reaction("reaction_removed", ts, name)

    def _reaction(self, kind: str, ts: str, name: str) -> None:
        channel, message = self._workspace.find(ts)
        event: Json = {
            "type": kind,
            "user": self.id,
            "reaction": name,
            "item_user": message.get("user"),
            "item": {"type": "message", "channel": channel.id, "ts": ts},
            "event_ts": self._workspace.ts(),
        }
        self._tell(event, channel)

    def starts_group(self, *others: "Person") -> str:
        """Start a group DM with these people and the app. Return its id."""
        members = {self.id, *(one.id for one in others), self._workspace.bot_user}
        channel = Channel(named("G"), "mpdm", is_private=True, is_mpim=True, members=members)
        self._workspace.channels[channel.id] = channel
        return channel.id

    async def presses(self, shown: Given, label: str) -> Answer:
        """Press the button or choose the option with these words, on a message or a view."""
        view = self._view(shown)
        if view is not None:
            return await self._presses_view(view, label)
        channel, message, hidden = self._message(shown)
        block, element, option = find(message, label)
        payload = payloads.click(self._workspace, self.user, channel, message, hidden=hidden)
        action = action_of(block, element, option, self._workspace.ts())
        chosen = {str(element.get("action_id")): option} if option is not None else {}
        payload |= {"actions": [action], "state": state(message, chosen)}
        return await self._post.ask("interactive", payload)

    async def sends(self, kind: str, payload: Json) -> Answer:
        """Send one hand-made payload: `interactive`, `slash_commands` or `events_api`."""
        return await self._post.ask(kind, payload)

    async def runs(self, command: str, text: str = "", *, channel: str = "") -> Answer:
        """Run a slash command, by default in the direct messages."""
        place = self._workspace.channels[channel or self.dm]
        return await self._post.ask(
            "slash_commands", payloads.command(self._workspace, self.user, place, command, text)
        )

    async def uses_shortcut(self, callback_id: str, *, message: Given | None = None) -> Answer:
        """Use a shortcut: a message shortcut if there is a message, else a global one."""
        kind = "shortcut" if message is None else "message_action"
        payload = payloads.interaction(self._workspace, self.user, kind)
        payload |= {"callback_id": callback_id, "action_ts": self._workspace.ts()}
        if message is not None:
            channel, found, _hidden = self._message(message)
            payload |= {
                "channel": payloads.place(channel),
                "message_ts": found["ts"],
                "message": dict(found),
                "response_url": self._workspace.reply_url(channel.id, self.id, found["ts"]),
            }
        return await self._post.ask("interactive", payload)

    async def opens_home(self, tab: str = "home") -> None:
        """Open the app's Home tab, or its Messages tab (`tab="messages"`)."""
        place = self._workspace.dm(self.id)
        event: Json = {
            "type": "app_home_opened",
            "user": self.id,
            "channel": place.id,
            "tab": tab,
            "event_ts": self._workspace.ts(),
        }
        if tab == "home" and self.id in self._workspace.homes:
            event["view"] = self._workspace.homes[self.id]
        self._tell(event, place)

    def reloads(self) -> None:
        """Reload Slack: the ephemeral messages that this person saw are gone, because no history has them."""
        kept = [one for one in self._workspace.ephemerals if one.user != self.id]
        self._workspace.ephemerals[:] = kept

    async def submits(self, view: Given, values: Mapping[str, Any] | None = None) -> Answer:
        """Fill in and submit a modal, by action_id or block_id, and apply the bot's answer to the view."""
        found = self._need_view(view)
        filled = {**found, "state": state(found, values)}
        payload = payloads.interaction(self._workspace, self.user, "view_submission")
        answer = await self._post.ask("interactive", {**payload, "view": filled, "response_urls": []})
        if answer.acked:
            self._follow(found, answer.payload or {})
        return answer

    async def closes(self, view: Given, *, everything: bool = False) -> Answer | None:
        """Close a modal. Slack tells the bot if the view asked for it."""
        found = self._need_view(view)
        self._drop(found, everything=everything)
        if not found["notify_on_close"]:
            return None
        payload = payloads.interaction(self._workspace, self.user, "view_closed")
        del payload["trigger_id"]
        return await self._post.ask("interactive", {**payload, "view": found, "is_cleared": everything})

    async def uploads(self, name: str, content: bytes, mimetype: str = "image/png") -> str:
        """Upload a file for a file_input. Return its id."""
        return self._upload((name, content, mimetype)).id

    async def _presses_view(self, view: Json, label: str) -> Answer:
        block, element, option = find(view, label)
        action = action_of(block, element, option, self._workspace.ts())
        payload = payloads.interaction(self._workspace, self.user, "block_actions")
        view = {**view, "state": state(view, {str(element.get("action_id")): option} if option else {})}
        container = {"type": "view", "view_id": view["id"]}
        return await self._post.ask(
            "interactive", {**payload, "container": container, "view": view, "actions": [action]}
        )

    def _upload(self, given: FileGiven) -> File:
        kind = given[2] if len(given) == 3 else "image/png"
        file = File(named("F"), given[0], given[1], kind, self.id, self.user.team)
        self._workspace.files[file.id] = file
        return file

    def _tell(self, event: Json, channel: Channel) -> None:
        scope = scope_of(event, channel.kind)
        hears = event["type"] in self._subscribed and scope in ("", *self._workspace.scopes)
        if hears and self._workspace.bot_user in channel.members:
            self._post.event(payloads.envelope(self._workspace, event, channel))

    def _message(self, given: Given) -> tuple[Channel, Json, bool]:
        """Return the channel, the message, and whether only one person sees it.

        A ts stands for the message as it is stored now; an object is what this person's screen still shows.
        """
        ts = given if isinstance(given, str) else str(given["ts"])
        for one in self._workspace.ephemerals:
            if one.ts == ts:
                return self._workspace.channels[one.channel], one.message, True
        channel, now = self._workspace.find(ts)
        return channel, now if isinstance(given, str) else given, False

    def _view(self, given: Given) -> Json | None:
        name = given if isinstance(given, str) else str(given.get("id", ""))
        homes = {view["id"]: view for view in self._workspace.homes.values()}
        return self._workspace.views.get(name) or homes.get(name)

    def _need_view(self, given: Given) -> Json:
        found = self._view(given)
        assert found is not None, "no such view"
        return found

    def _drop(self, view: Json, *, everything: bool) -> None:
        stack = self._workspace.stacks.get(self.id, [])
        gone = list(stack) if everything else [view["id"]]
        self._workspace.stacks[self.id] = [one for one in stack if one not in gone]

    def _follow(self, view: Json, answer: Json) -> None:
        """Apply the bot's answer to the view: update, push, clear, keep with errors, or close."""
        what = answer.get("response_action")
        if what == "update":
            change(self._workspace, view, answer["view"])
        elif what == "push":
            show(self._workspace, stored(self._workspace, answer["view"], "modal"), self.id)
        elif what != "errors":
            self._drop(view, everything=what == "clear")
