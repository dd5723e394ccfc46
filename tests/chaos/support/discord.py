"""Runs the product on Discord's stand-in: as processes that a test kills, or composed in this process."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from adapters.discord.app import Access, DiscordApp
from adapters.storage.server.embedded import _socket
from adapters.storage.store import Store, connect
from bot.wiring.app import compose
from bot.wiring.discord import hear_discord
from bot.wiring.flow_files import FlowFiles
from bot.wiring.processes import work
from bot.wiring.product import App, Platforms
from bot.wiring.settings import load_settings
from tests.chaos.support.slack import HOUSE
from tests.fakes import warm_process
from tests.fakes.discord import Channel, Discord, Message, Person, identify_pause
from tests.fakes.embedded import running
from tests.fakes.flows import catalogue

ROOT: Final = Path(__file__).resolve().parents[3]
SUPPORT: Final = "help@lamps.example"

TURNS: Final = ("Still failing", "Whole", "Still failing")
"""The answers that lead through the lamp's three steps to a person."""


class Crew:
    """Runs several processes of the product on the embedded store of one folder."""

    def __init__(self, discord: Discord, folder: Path) -> None:
        self.discord, self.folder = discord, folder
        flows = folder / "flows"
        flows.mkdir()
        (flows / "house.yaml").write_text(HOUSE)
        self.settings = {
            "DATA_DIR": str(folder / "data"),
            "FLOWS_DIR": str(flows),
            "SEND_LEASE": "1",
            "PORT": "0",
            "DISCORD_TOKEN": discord.token,
            "DISCORD_API_URL": discord.api,
            "DISCORD_GATEWAY_URL": discord.gateway_url,
            "SUPPORT_EMAIL": SUPPORT,
        }
        self.members: list[subprocess.Popen[bytes]] = []

    def hire(self, command: str, **settings: str) -> "subprocess.Popen[bytes]":
        """Start another process: `discord`, `worker` or `run`."""
        with (self.folder / "log").open("ab") as told:
            process = warm_process.start(
                ["-m", "bot", command],
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(ROOT), **self.settings, **settings},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=told,
            )
        self.members.append(process)
        return process

    async def ears(self, command: str = "discord") -> "subprocess.Popen[bytes]":
        """Start another process that listens to Discord, and wait until it is connected."""
        before = sum(one.connected for one in self.discord.gateway.sessions)
        await self._pause_passed()
        process = self.hire(command)
        await self.discord.connected(before + 1, 30)
        return process

    async def _pause_passed(self) -> None:
        if self.discord.gateway.identified and running(self.folder / "data"):
            beside = Store(connect(f"unix://{_socket(self.folder / 'data' / 'store')}"))
            await identify_pause.passed(self.discord, beside)
            await beside.close()

    async def kill(self, member: "subprocess.Popen[bytes]") -> None:
        """Kill a process as `kill -9` does. Discord notices the lost connection."""
        before = sum(one.connected for one in self.discord.gateway.sessions)
        member.kill()
        member.wait()
        self.members.remove(member)
        if before:
            await self.discord.until(
                lambda: sum(one.connected for one in self.discord.gateway.sessions) < before
            )

    async def dismiss(self, member: "subprocess.Popen[bytes]") -> int:
        """Stop a process by SIGTERM and return the exit code. Meanwhile this event loop must run the stand-in."""
        member.terminate()
        self.members.remove(member)
        return await asyncio.to_thread(member.wait, 30)

    async def leave(self) -> None:
        """Stop all processes. The last one stops the embedded store."""
        for member in tuple(self.members):
            await self.dismiss(member)

    def told(self) -> str:
        """Return the processes' logs."""
        return (self.folder / "log").read_text()


@asynccontextmanager
async def product(discord: Discord, store: Store, **settings: str) -> AsyncIterator[App]:
    """Compose the product in this process, with a worker. The caller closes the store."""
    given = {"SUPPORT_EMAIL": SUPPORT, "SEND_LEASE": "1", "DISCORD_TOKEN": discord.token}
    given |= {"DISCORD_API_URL": discord.api, "DISCORD_GATEWAY_URL": discord.gateway_url}
    platform = DiscordApp(Access(token=discord.token, api_url=discord.api))
    shelf = FlowFiles(catalogue=catalogue(), readings=())
    app = compose(load_settings(given | settings), store, shelf, (), Platforms((platform,)))
    stop = asyncio.Event()
    before = sum(one.connected for one in discord.gateway.sessions)
    await identify_pause.passed(discord, store)
    tasks = [
        asyncio.create_task(work(app, stop)),
        asyncio.create_task(hear_discord(app, stop, lambda _shards: None)),
    ]
    try:
        await discord.connected(before + 1)
        await discord.until(discord.commands)
        yield app
    finally:
        stop.set()
        await asyncio.gather(*tasks)
        await app.outbox.idle()
        await platform.close()


async def thread_of(discord: Discord, room: Channel, seconds: float = 30) -> Channel:
    """Wait for the newest thread of a channel with something to press, and return it."""
    await discord.until(lambda: discord.threads(room) and live(discord, discord.threads(room)[-1]), seconds)
    return discord.threads(room)[-1]


def live(discord: Discord, place: Channel | Person) -> list[Message]:
    """Return the messages there that can be pressed."""
    return [one for one in discord.messages(place) if "Talk to a person" in one.buttons]


async def shown(discord: Discord, place: Channel | Person, title: str, seconds: float = 30) -> Message:
    """Wait until the only message there that can be pressed has that title, and return it."""
    heading = f"## {title}\n"

    def there() -> bool:
        found = live(discord, place)
        return len(found) == 1 and heading in found[0].text + "\n"

    await discord.until(there, seconds)
    return live(discord, place)[0]


def titles(discord: Discord, place: Channel | Person) -> list[str]:
    """Return every title that the bot shows there, oldest first. Each step has one."""
    lines = "\n".join(one.text for one in discord.messages(place)).splitlines()
    return [line.removeprefix("## ") for line in lines if line.startswith("## ")]
