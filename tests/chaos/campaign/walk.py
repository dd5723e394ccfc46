"""Plays the scripts: many conversations at once, each with its customer and, if it comes to that, its agent."""

import asyncio
import math
import random
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import aiohttp

from bot.ports import StoreDown
from tests.chaos.campaign.desk import AtTheDesk, Desk
from tests.chaos.campaign.discord_people import DiscordAgent, InDiscord
from tests.chaos.campaign.ledger import Case, Ledger
from tests.chaos.campaign.page import OnThePage
from tests.chaos.campaign.patience import GaveUp
from tests.chaos.campaign.people import Agent, Customer, Witness
from tests.chaos.campaign.script import Script, drawn
from tests.chaos.campaign.slack_people import InSlack, SlackAgent
from tests.chaos.campaign.town import Town

IDLE_S: Final = 30.0
"""Seconds after its end in which a conversation's threads stay open."""


class Crowd:
    """The people of a campaign. `desks` are the agents who are signed in at the web desk."""

    def __init__(
        self,
        town: Town,
        ledger: Ledger,
        desks: list[Desk],
        client: aiohttp.ClientSession,
        acting: int,
        thinks_s: float,
    ) -> None:
        """So many people may be `acting` at the same moment, because the machine is no larger.

        Before that each of them thinks for up to `thinks_s`.
        """
        self.town, self.ledger, self.desks, self.client = town, ledger, desks, client
        self.done = 0
        self._thinks_s = thinks_s
        self._ended: deque[tuple[float, Case]] = deque()
        self._gate = asyncio.Semaphore(acting)
        self._chance = random.Random(ledger.seed)

    async def play(self, conversations: int, at_once: int, minutes: float = math.inf) -> None:
        """Play so many conversations, so many at once; begin none after so many minutes."""
        numbers = iter(range(conversations))
        deadline = time.monotonic() + minutes * 60

        async def one_after_another() -> None:
            for number in numbers:
                if time.monotonic() > deadline:
                    return
                await self._case(drawn(self.ledger.seed, number))
                self.done += 1

        await asyncio.gather(*(one_after_another() for _ in range(at_once)))

    async def _case(self, script: Script) -> None:
        case = Case(script)
        self.ledger.cases.append(case)
        try:
            await self._play(case)
            case.over = True
            self._ended.append((time.monotonic(), case))
            await self._archive()
        except GaveUp as reason:
            case.troubles.append(f"gave up: {reason}")
        except Exception as reason:  # noqa: BLE001 # the audit names whatever a person ran into
            case.troubles.append(f"the driver broke: {reason!r}")

    async def _archive(self) -> None:
        """Archive threads of conversations that ended a while ago, as Discord does: a server may have 1,000 open."""
        while self._ended and self._ended[0][0] < time.monotonic() - IDLE_S:
            _, case = self._ended.popleft()
            witness = Witness(self.town, case)
            with suppress(StoreDown):
                place = (await witness.at()).address("customer")
                receipts = [place.thread] if place is not None and place.channel == "discord" else []
                if case.script.team in self.town.discord_rooms:
                    receipts.append((await witness.agents_thread()).rpartition(":")[2])
                for name in filter(str.isdigit, receipts):
                    if (thread := self.town.discord.world.channels.get(int(name))) and thread.is_thread:
                        self.town.discord.idles(thread)

    async def _play(self, case: Case) -> None:
        script, customer = case.script, self._customer(case)
        async with self._turn():
            await customer.come()
        for number in range(script.failing):
            async with self._turn():
                await customer.press(
                    "still-failing", twice=number + 1 in script.twice, late=number + 1 in script.late
                )
        if script.ending in ("fixed", "person"):
            async with self._turn():
                await customer.press(script.ending, twice=script.failing in script.twice)
        if script.ending == "person":
            async with self._agent(case) as agent:
                await self._help(case, customer, agent)
        await customer.leave()

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Think for a moment, and then act as soon as not too many others do."""
        await asyncio.sleep(self._chance.uniform(0, self._thinks_s))
        async with self._gate:
            yield

    async def _help(self, case: Case, customer: Customer, agent: Agent) -> None:
        for deed in ("claim", *case.script.deeds, "hand back" if case.script.backs else "resolve"):
            async with self._turn():
                match deed:
                    case "claim":
                        await agent.claim()
                    case "say":
                        await customer.say()
                    case "reply":
                        await agent.reply()
                    case "note":
                        await agent.note()
                    case "release":
                        await agent.release()
                        await agent.claim()
                    case "hand back":
                        await agent.hand_back()
                        await customer.press("fixed")
                    case _:
                        await agent.resolve()

    def _customer(self, case: Case) -> Customer:
        match case.script.place:
            case "page":
                return OnThePage(self.town, case, self.client)
            case "thread" | "dm":
                return InSlack(self.town, case)
            case "command" | "chat":
                return InDiscord(self.town, case)

    @asynccontextmanager
    async def _agent(self, case: Case) -> AsyncIterator[Agent]:
        if case.script.helper == "desk":
            yield AtTheDesk(self.town, case, self.desks[case.script.number % len(self.desks)])
        elif case.script.team in self.town.slack_rooms:
            someone = await self.town.slack_agents.get()
            yield SlackAgent(self.town, case, someone)
            self.town.slack_agents.put_nowait(someone)
        else:
            another = await self.town.discord_agents.get()
            yield DiscordAgent(self.town, case, another)
            self.town.discord_agents.put_nowait(another)
