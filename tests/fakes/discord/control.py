"""Controls the stand-in over HTTP, for a test that runs it as a process: add people, act, set faults, look."""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from aiohttp import web

from tests.fakes.discord.interactions import Interaction
from tests.fakes.discord.people import Person
from tests.fakes.discord.refusals import Refusal
from tests.fakes.discord.state import Channel, Json, Message
from tests.fakes.discord.whole import Discord

FAULTS = {"refuse", "limit", "slow", "lose", "hold"}
GATEWAY = {"drop", "reconnect", "invalidate", "close", "send", "send_text", "deafen"}


class Control:
    """Serves `POST /control/WHAT` with JSON. Ids name people, channels, messages and interactions."""

    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._does: dict[str, Callable[[Json], Awaitable[Any]]] = {
            "where": self._where,
            "guild": self._guild,
            "person": self._person,
            "fault": self._fault,
            "gateway": self._gateway,
            "forget": self._forget,
            "passes": self._passes,
            "away": self._away,
            "repeats": self._repeats,
            "messages": self._messages,
            "shown": self._shown,
            "threads": self._threads,
            "calls": self._calls,
            "commands": self._commands,
        }
        discord.server.control = self._serve

    async def _serve(self, request: web.Request) -> web.Response:
        does = self._does.get(request.match_info["what"])
        if does is None:
            return web.Response(status=404, text=", ".join(self._does))
        try:
            result = await does(orjson.loads(await request.read() or b"{}"))
        except (AssertionError, KeyError, LookupError, TypeError, Refusal) as error:
            return web.Response(status=400, text=f"{type(error).__name__}: {error}")
        return web.Response(body=orjson.dumps(result), content_type="application/json")

    # ---- what can be commanded

    async def _where(self, _given: Json) -> Json:
        discord = self._discord
        where = {"api": discord.api, "gateway": discord.gateway_url, "token": discord.token}
        return {**where, "bot": discord.bot.id, "sessions": len(discord.gateway.sessions)}

    async def _guild(self, given: Json) -> Json:
        """Make a guild from {"name", "shard", "of", "text": [names], "forums": {name: [tags]}, "members": [names]}.

        Return ids by name.
        """
        guild = self._discord.guild(
            given.get("name", "G"), shard=given.get("shard", 0), of=given.get("of", 1)
        )
        channels = {name: guild.text(name).id for name in given.get("text", [])}
        channels |= {name: guild.forum(name, tags=tags).id for name, tags in given.get("forums", {}).items()}
        members = {name: guild.member(name).id for name in given.get("members", [])}
        return {"id": guild.id, "channels": channels, "members": members}

    async def _person(self, given: Json) -> Any:
        """Let a person act: {"who": id, "does": "presses", "with": [message id, "Fixed it"], …named arguments}."""
        person = self._discord.world.people[given.pop("who")]
        does = getattr(Person, given.pop("does"))
        assert inspect.iscoroutinefunction(does)
        arguments = [self._meant(one) for one in given.pop("with", [])]
        named = {name: self._meant(one) for name, one in given.items()}
        return told(await does(person, *arguments, **named))

    def _meant(self, value: Any) -> Any:
        """Return the channel, message, person or interaction with that id; other values stay."""
        world = self._discord.world
        if not isinstance(value, int) or isinstance(value, bool):
            return value
        for known in (world.people, world.interactions, world.ephemerals):
            if value in known:
                return known[value]
        for channel in world.channels.values():
            if value in channel.messages:
                return channel.messages[value]
        return world.channels.get(value, value)

    async def _fault(self, given: Json) -> None:
        """Set a fault as methods of Faults take it.

        The fields are "kind": "limit", "method", "path", "code", "seconds", "times" and "scope".
        """
        kind = given.pop("kind")
        assert kind in FAULTS
        getattr(self._discord.faults, kind)(**given)

    async def _gateway(self, given: Json) -> None:
        """Call a method of Gateway: {"does": "invalidate", "resumable": true}."""
        does = given.pop("does")
        assert does in GATEWAY
        getattr(self._discord.gateway, does)(**given)

    async def _forget(self, _given: Json) -> None:
        for fault in self._discord.faults.set:
            fault.release()
        self._discord.faults.forget()

    async def _passes(self, given: Json) -> None:
        self._discord.passes(given["seconds"])

    async def _away(self, given: Json) -> None:
        if given["away"]:
            self._discord.goes_away()
        else:
            self._discord.comes_back()

    async def _repeats(self, given: Json) -> None:
        self._discord.repeats(self._discord.world.interactions[given["interaction"]])

    # ---- what can be looked at

    async def _messages(self, given: Json) -> list[Json]:
        return [told(one) for one in self._discord.messages(self._meant(given["of"]))]

    async def _shown(self, given: Json) -> list[Json]:
        return [told(one) for one in self._discord.shown_to(self._discord.world.people[given["to"]])]

    async def _threads(self, given: Json) -> list[Json]:
        return [told(one) for one in self._discord.threads(self._meant(given["of"]))]

    async def _calls(self, given: Json) -> list[Json]:
        calls = self._discord.calls(given.get("method", "*"), given.get("path", "**"))
        return [
            {"method": one.method, "path": one.path, "json": one.json, "status": one.status} for one in calls
        ]

    async def _commands(self, _given: Json) -> list[Json]:
        return self._discord.commands()


def told(what: Any) -> Any:
    """Return an object as JSON: its id and what a test needs of it."""
    if isinstance(what, Message):
        shown = {"text": what.text, "buttons": what.buttons, "by": what.author.id, "flags": what.flags}
        return {"id": what.id, "channel": what.channel.id, **shown}
    if isinstance(what, Channel):
        state = {"archived": what.archived, "locked": what.locked, "members": list(what.members)}
        return {"id": what.id, "name": what.name, "kind": int(what.kind), "tags": what.tag_names, **state}
    if isinstance(what, Interaction):
        answers = [{"type": one.type, "data": one.data, "after": one.after} for one in what.answers]
        return {"id": what.id, "answers": answers, "refused": what.refused, "text": what.text}
    return what
