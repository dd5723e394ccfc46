"""Plays a customer on the page, through the REST API: every request is repeated under its key until it is answered."""

import asyncio
import json
import random
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

import aiohttp

from tests.chaos.campaign.ledger import Act, Case
from tests.chaos.campaign.patience import GIVES_UP_S, GaveUp, seen
from tests.chaos.campaign.people import Witness
from tests.chaos.campaign.script import Script
from tests.chaos.campaign.town import Town, flow

Json = dict[str, Any]

PATIENCE_S: Final = 10.0
"""Seconds that a browser waits for an answer."""

PAUSE_S: Final = 0.3
"""Seconds until a request is made again."""

STREAMED_S: Final = 60.0
"""Seconds until a stream shows the last state."""

AGENTS_ACTS: Final = frozenset(["claimed", "replied", "noted", "released", "handed_back"])
"""Acts after which the page has changed without its customer."""

LATER: Final = frozenset([429, 502, 503, 504])
"""Answers that ask to try again."""


class OnThePage:
    """A customer on the page. `client` is shared by all of them; each has an address of their own."""

    def __init__(self, town: Town, case: Case, client: aiohttp.ClientSession) -> None:
        self.town, self.case, self.client = town, case, client
        number = case.script.number
        chance = random.Random(number)
        self._key = f"campaign-{number:06d}-{chance.getrandbits(64):016x}"
        self._headers = {"x-forwarded-for": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}
        self._state: Json = {}
        self._witness = Witness(town, case)
        self._stream: asyncio.Task[None] | None = None
        self._last = 0

    @property
    def _script(self) -> Script:
        return self.case.script

    async def come(self) -> None:
        act = self.case.act("started")
        body = {"flow": flow(self._script.team), "key": self._key}
        made = await self._ask("/api/conversations", body, act, twice=0 in self._script.twice)
        self.case.conversation = made["id"]
        self._headers["authorization"] = f"Bearer {made['token']}"
        act.settled = True
        if self._script.watched:
            self._stream = asyncio.create_task(self._watch())

    async def press(self, choice: str, *, twice: bool = False, late: bool = False) -> None:
        if self.case.acts[-1].what in AGENTS_ACTS:
            await self._look()
        turn = int(self._state["turn"])
        if choice == "person":
            act = self.case.act("escalate", turn=turn)
            body: Json = {"type": "escalate"}
        else:
            act = self.case.act(f"answered {choice}", turn=turn)
            body = {"type": "answered", "turn": turn, "choice": choice}
        await self._event(body, act, twice=twice)
        await self._witness.check_taken(act)
        act.settled = act.answer == "taken"
        if late and choice == "still-failing":
            stale = self.case.act("late press", turn=turn)
            await self._event({**body, "turn": turn}, stale, twice=False)
            if stale.answer != "refused":
                self.case.troubles.append(f"a press for turn {turn}, which has passed, was {stale.answer}")

    async def say(self) -> None:
        act = self.case.act("said", self.case.words("words"))
        await self._event({"type": "said", "text": act.text, "turn": self._state["turn"]}, act, twice=True)
        act.settled = act.answer == "taken"

    async def leave(self) -> None:
        """Look a last time, and close the stream once it has shown the last state."""
        await self._look()
        if self._stream is not None:

            async def shown() -> bool:
                return self._last >= int(self._state["version"])

            await seen(shown, STREAMED_S)
            if self._last < self._state["version"]:
                self.case.troubles.append(
                    f"the stream ended at version {self._last} of {self._state['version']}"
                )
            self._stream.cancel()
            with suppress(asyncio.CancelledError):
                await self._stream

    async def _look(self) -> None:
        """Read the page again."""
        await self._ask(f"/api/conversations/{self.case.conversation}", None, Act(0, "look"))

    async def _event(self, body: Json, act: Act, *, twice: bool) -> None:
        """Send what the customer did, under a key that stays the same however often it is sent."""
        key = f"{self._script.number}.{len(self.case.acts)}"
        path = f"/api/conversations/{self.case.conversation}/events"
        await self._ask(path, {**body, "key": key}, act, twice=twice)

    async def _ask(self, path: str, body: Json | None, act: Act, *, twice: bool = False) -> Json:
        """Ask until there is an answer, and keep the state that came with it."""
        deadline = asyncio.get_running_loop().time() + GIVES_UP_S
        copies = 2 if twice else 1
        while asyncio.get_running_loop().time() < deadline:
            found = await asyncio.gather(*(self._once(path, body) for _ in range(copies)))
            act.repeats += copies
            told = next(((status, said) for status, said in found if status and status not in LATER), None)
            copies = 1
            if told is not None:
                return self._told(path, act, *told)
            await asyncio.sleep(PAUSE_S)
        raise GaveUp(f"asked in vain: {act.what} at {path}")

    def _told(self, path: str, act: Act, status: int, said: Json) -> Json:
        act.answer = "taken" if status in (200, 201) else "refused"
        if status >= 500 or status in (400, 401, 404, 413, 415):
            self.case.troubles.append(f"{act.what} at {path} was answered with {status}: {said}")
        state = said.get("state", said)
        if "turn" in state and state["version"] >= self._state.get("version", 0):
            self._state = state
        return said

    async def _once(self, path: str, body: Json | None) -> tuple[int, Json]:
        """Ask once; 0 if there was no answer."""
        limit = aiohttp.ClientTimeout(PATIENCE_S)
        try:
            method = "GET" if body is None else "POST"
            given: Mapping[str, Any] = {} if body is None else {"json": body}
            async with self.client.request(
                method, self.town.page + path, headers=self._headers, timeout=limit, **given
            ) as answer:
                text = await answer.text()
                self.case.seen.append(text)
                return answer.status, json.loads(text)
        except (aiohttp.ClientError, TimeoutError, json.JSONDecodeError):
            return 0, {}

    async def _watch(self) -> None:
        """Keep a stream open, and open it again whenever it ends."""
        path = f"{self.town.page}/api/conversations/{self.case.conversation}/stream"
        while True:
            with suppress(aiohttp.ClientError, TimeoutError):
                limit = aiohttp.ClientTimeout(sock_read=20)
                async with self.client.get(path, headers=self._headers, timeout=limit) as answer:
                    async for line in answer.content:
                        if line.startswith(b"data: {"):
                            self.case.seen.append(line.decode())
                            self._last = max(self._last, json.loads(line[6:])["version"])
            await asyncio.sleep(PAUSE_S)
