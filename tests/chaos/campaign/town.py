"""Runs the product as real processes: the page, the Slack and the Discord listener, two workers, one embedded store.

Slack and Discord are stand-ins in this process, over real sockets. The store's folder may be a small file system of
its own, so that it can be filled.
"""

import asyncio
import os
import signal
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

import aiohttp

from adapters.storage.server.embedded import _socket
from adapters.storage.store import Store, connect
from tests.chaos.campaign.ledger import Ledger
from tests.chaos.campaign.script import PARTS, STEPS, TEAMS
from tests.fakes import warm_process
from tests.fakes.discord import Channel, Discord, Person
from tests.fakes.discord.guilds import Guild
from tests.fakes.slack import Slack
from tests.fakes.slack.people import Person as SlackPerson

ROOT: Final = Path(__file__).resolve().parents[3]
SUPPORT: Final = "help@lamps.example"
INHERITED: Final = ("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH")
PLACES: Final = 16
"""Channels for customers, on each platform."""

AGENTS: Final = 24
"""Agents on each platform. Each helps one customer at a time."""

LOOK_S: Final = 0.25
"""Seconds between two looks whether a process has ended."""


def guide(team: int) -> str:
    """Return the file of a team's guide."""
    steps = (f"  - {{id: lamp-{n}, title: Lamp {n}, say: Switch lamp {n} on.}}" for n in range(1, STEPS + 1))
    head = [f"flow: {flow(team)}", f"title: House {team} is dark", f"teams: {{crew-{team}: Crew {team}}}"]
    start = f'start: {{on_text: ["the lights in house {team} went out"]}}'
    return "\n".join([*head, start, f"escalate: crew-{team}", "steps:", *steps])


def flow(team: int) -> str:
    """Return the id of a team's guide."""
    return f"house-{team}"


class Town:
    """Everything around the product, and its processes. `ledger` gets what befalls them.

    In the folder `gauges`, each process keeps a file with the number of its tasks.
    """

    def __init__(
        self,
        folder: Path,
        slack: Slack,
        discord: Discord,
        ledger: Ledger,
        plant: str = "",
        gauges: Path | None = None,
    ) -> None:
        self.folder, self.slack, self.discord, self.ledger = folder, slack, discord, ledger
        self.data, self.plant, self.gauges = folder / "data", plant, gauges
        self.guild: Guild = discord.guild("Workshop")
        self.slack_places = [slack.channel(f"C1HELP{n}") for n in range(PLACES)]
        self.discord_places = [self.guild.text(f"help-{n}") for n in range(PLACES)]
        self.slack_rooms = {n: slack.channel(f"C9CREW{n}") for n in range(0, TEAMS, 2)}
        self.discord_rooms: dict[int, Channel] = {n: self.guild.text(f"crew-{n}") for n in range(1, TEAMS, 2)}
        self.port = _free_port()
        self.members: dict[int, subprocess.Popen[bytes]] = {}
        self.held: set[int] = set()
        self._agents()
        self.settings = self._settings()
        self.store = Store(connect(f"unix://{_socket(self.data / 'store')}"))

    def _agents(self) -> None:
        role = self.guild.role("Agents", "manage_messages")
        self.slack_agents: asyncio.Queue[SlackPerson] = asyncio.Queue()
        self.discord_agents: asyncio.Queue[Person] = asyncio.Queue()
        for number in range(AGENTS):
            self.slack_agents.put_nowait(self.slack.person(f"U9AGENT{number:02d}", name=f"Max {number}"))
            self.discord_agents.put_nowait(self.guild.member(f"Kim {number}", roles=[role]))
        self.role = role

    def _settings(self) -> dict[str, str]:
        flows = self.folder / "flows"
        flows.mkdir()
        for team in range(TEAMS):
            (flows / f"{flow(team)}.yaml").write_text(guide(team))
        rooms = {f"TEAM_CREW_{n}_ROOM": f"slack:{room}" for n, room in self.slack_rooms.items()}
        rooms |= {f"TEAM_CREW_{n}_ROOM": f"discord:{room.id}" for n, room in self.discord_rooms.items()}
        return rooms | {
            "DATA_DIR": str(self.data),
            "FLOWS_DIR": str(flows),
            "PORT": str(self.port),
            "HEARING": "phrases",
            "SUPPORT_EMAIL": SUPPORT,
            "TRUSTED_PROXIES": "127.0.0.1",
            "EVENTS_PER_MINUTE": "1000000",
            "STARTS_PER_MINUTE": "1000000",
            "SLACK_API_URL": self.slack.api,
            "SLACK_APP_TOKEN": self.slack.app_token,
            "SLACK_BOT_TOKEN": self.slack.token,
            "SLACK_AGENTS": " ".join(f"U9AGENT{number:02d}" for number in range(AGENTS)),
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API_URL": self.discord.api,
            "DISCORD_GATEWAY_URL": self.discord.gateway_url,
            "DISCORD_AGENTS": str(self.role.id),
        }

    @property
    def page(self) -> str:
        """Return the address of the page."""
        return f"http://127.0.0.1:{self.port}"

    def _start(self, number: int) -> None:
        gauge = [str(self.gauges / str(number))] if self.gauges is not None else []
        with (self.folder / "log").open("ab") as told:
            self.members[number] = warm_process.start(
                ["-m", "tests.chaos.campaign.member", PARTS[number], self.plant, *gauge],
                cwd=self.folder,
                env={name: os.environ[name] for name in INHERITED if name in os.environ}
                | {"PYTHONPATH": str(ROOT), **self.settings},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=told,
            )

    def kill(self, number: int) -> None:
        """Kill a process as `kill -9` does, and start another one."""
        self.members[number].kill()
        self.members[number].wait()
        self.held.discard(number)
        self._start(number)

    def hold(self, number: int) -> None:
        """Stop a process where it is."""
        self.held.add(number)
        self.members[number].send_signal(signal.SIGSTOP)

    def let_go(self, number: int) -> None:
        """Let a stopped process go on."""
        if number in self.held:
            self.held.discard(number)
            self.members[number].send_signal(signal.SIGCONT)

    def store_pid(self) -> int:
        """Return the process that serves the store; 0 if there is none."""
        with suppress(OSError, ValueError):
            return int((self.data / "store" / "store.pid").read_text())
        return 0

    def signal_store(self, sign: signal.Signals) -> None:
        """Send a signal to the store's process, if there is one."""
        if pid := self.store_pid():
            with suppress(ProcessLookupError):
                os.kill(pid, sign)

    async def watch(self) -> None:
        """Start again each process that ends without being killed, and write that down: none should."""
        while True:
            await asyncio.sleep(LOOK_S)
            for number, member in list(self.members.items()):
                if (code := member.poll()) is not None and self.members[number] is member:
                    self.ledger.deaths.append(f"{PARTS[number]} ended with code {code}")
                    self._start(number)

    async def open(self) -> None:
        """Start every part, and wait until all of them are there."""
        for number in range(len(PARTS)):
            self._start(number)
        await self.slack.connected(2, 60)
        await self.discord.connected(1, 60)
        await self.discord.until(self.discord.commands, 60)
        await self.answers()

    async def answers(self) -> None:
        """Wait until the page is ready."""
        async with asyncio.timeout(60), aiohttp.ClientSession() as client:
            while True:
                with suppress(aiohttp.ClientError):
                    async with client.get(f"{self.page}/readyz") as answer:
                        if answer.status == 200:
                            return
                await asyncio.sleep(0.05)

    async def close(self) -> list[int]:
        """Stop every process by SIGTERM. Return the exit codes."""
        for number, member in self.members.items():
            self.let_go(number)
            member.terminate()
        codes = await asyncio.gather(*(asyncio.to_thread(_ended, one) for one in self.members.values()))
        await self.store.close()
        return list(codes)


def _ended(member: "subprocess.Popen[bytes]") -> int:
    try:
        return member.wait(40)
    except subprocess.TimeoutExpired:
        member.kill()
        return member.wait()


def _free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        port: int = line.getsockname()[1]
        return port


@asynccontextmanager
async def opened(
    folder: Path, ledger: Ledger, plant: str = "", gauges: Path | None = None
) -> AsyncIterator[Town]:
    """Build a town and start the product in it; stop everything at the end."""
    slack, discord = await Slack.start(), await Discord.start()
    town = Town(folder, slack, discord, ledger, plant, gauges)
    watch = asyncio.create_task(town.watch())
    try:
        await town.open()
        yield town
    finally:
        watch.cancel()
        ledger.counts["bad exits"] = sum(code != 0 for code in await town.close())
        await slack.stop()
        await discord.stop()
