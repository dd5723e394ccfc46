"""Plays agents at the web desk: each form is sent again under its key until it is answered."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from html import unescape
from typing import Any, Final

import aiohttp

from bot.wiring.app import compose, read_flows, sign_in
from bot.wiring.settings import load_settings
from flows.conversation import Conversation, Status
from tests.chaos.campaign.ledger import Act, Case
from tests.chaos.campaign.patience import GIVES_UP_S, GaveUp
from tests.chaos.campaign.people import Witness
from tests.chaos.campaign.town import SUPPORT, Town

DESKS: Final = 6
PATIENCE_S: Final = 6.0
PAUSE_S: Final = 0.4
SECRET: Final = "zebra"
"""A word of every note, and of nothing else."""


class Desk:
    """An agent who is signed in."""

    def __init__(self, town: Town, client: aiohttp.ClientSession, proof: str) -> None:
        self.town, self.client, self.proof = town, client, proof

    async def post(self, path: str, fields: dict[str, Any]) -> int:
        """Send a form once; return the status, 0 if there was no answer."""
        try:
            async with self.client.post(
                self.town.page + path,
                data=fields,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(PATIENCE_S),
            ) as answer:
                await answer.read()
                return answer.status
        except (aiohttp.ClientError, TimeoutError):
            return 0


@asynccontextmanager
async def signed_in(town: Town) -> AsyncIterator[list[Desk]]:
    """Sign agents in, each by an invitation."""
    settings = load_settings({"FLOWS_DIR": town.settings["FLOWS_DIR"], "SUPPORT_EMAIL": SUPPORT})
    app = compose(settings, town.store, read_flows(settings))
    async with AsyncExitStack() as stack:
        made = []
        for number in range(DESKS):
            address = {"x-forwarded-for": f"10.255.0.{number}"}
            jar = aiohttp.CookieJar(unsafe=True)
            client = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=jar, headers=address))
            token = await sign_in(app).invite("agent", f"Robin {number}")
            path = f"{town.page}/desk/in/{token}"
            async with client.get(path) as answer:
                given = _hidden(await answer.text())
            async with client.post(path, data={**given, "name": f"Robin {number}"}) as answer:
                page = await answer.text()
            made.append(Desk(town, client, _hidden(page)["proof"]))
        yield made


def _hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found if name in ("proof", "key")}


class AtTheDesk:
    """An agent at the desk, with one ticket."""

    def __init__(self, town: Town, case: Case, desk: Desk) -> None:
        self.case, self.desk = case, desk
        self._witness = Witness(town, case)

    async def claim(self) -> None:
        await self._do("claimed", "claim")

    async def reply(self) -> None:
        text = self.case.words("reply")
        await self._do("replied", "reply", {"text": text})

    async def note(self) -> None:
        text = f"{self.case.words('note')} {SECRET}"
        await self._do("noted", "note", {"text": text})

    async def release(self) -> None:
        await self._do("released", "release")

    async def hand_back(self) -> None:
        at = await self._witness.now()
        await self._do("handed_back", "hand-back", {"at": at.step})

    async def resolve(self) -> None:
        await self._do("concluded", "resolve", {"reason": "Answered a question", "text": ""})

    async def _do(self, what: str, form: str, fields: Mapping[str, str] = {}) -> None:  # never changed
        act = self.case.act(what, fields.get("text", ""))
        key = f"{self.case.script.number}.{len(self.case.acts)}"
        path = f"/desk/c/{self.case.conversation}/{form}"
        deadline = asyncio.get_running_loop().time() + GIVES_UP_S
        while asyncio.get_running_loop().time() < deadline:
            status = await self.desk.post(path, {"proof": self.desk.proof, "key": key, **fields})
            act.repeats += 1
            if status and status not in (429, 502, 503, 504):
                await self._told(act, status)
                return
            await asyncio.sleep(PAUSE_S)
        raise GaveUp(f"sent in vain: {what}")

    async def _told(self, act: Act, status: int) -> None:
        act.answer = "taken" if status == 303 else "refused"
        act.settled = status == 303
        at = await self._witness.now()
        if status != 303:
            self.case.troubles.append(f"{act.what} on the desk was answered with {status}; it is {at.status}")
        elif not _is_so(act.what, at):
            self.case.troubles.append(f"{act.what} was acknowledged and is not recorded: it is {at.status}")


def _is_so(what: str, at: Conversation) -> bool:
    """Return whether an acknowledged act shows in the status."""
    wanted = {
        "claimed": Status.WITH_AGENT,
        "released": Status.WAITING,
        "handed_back": Status.GUIDING,
        "concluded": Status.RESOLVED,
    }
    return what not in wanted or at.status is wanted[what]
