"""Runs the product on Slack's stand-in: as processes that a test kills, or composed in this process."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from adapters.slack.app import Access, SlackApp
from adapters.storage.store import Store
from bot.wiring.app import compose
from bot.wiring.flow_files import FlowFiles
from bot.wiring.processes import work
from bot.wiring.product import App, Platforms
from bot.wiring.settings import load_settings
from bot.wiring.slack import slack_ports
from tests.fakes import warm_process
from tests.fakes.flows import catalogue
from tests.fakes.slack import Slack, labels
from tests.fakes.slack.people import Person

ROOT: Final = Path(__file__).resolve().parents[3]
SUPPORT: Final = "help@lamps.example"
STEPS: Final = 8
HOUSE: Final = "\n".join(
    [
        "flow: house",
        "title: The house is dark",
        "start: {on_text: [house is dark]}",
        "teams: {maker: {name: the maker, email: help@lamps.example}}",
        "escalate: maker",
        "steps:",
        *(f"  - {{id: lamp-{n}, title: Lamp {n}, say: Switch lamp {n} on.}}" for n in range(1, STEPS + 1)),
    ]
)
"""A guide of many steps in a row."""


class Crew:
    """Runs several processes of the product on the embedded store of one folder, or on the test's own server."""

    def __init__(self, slack: Slack, folder: Path, **settings: str) -> None:
        """`settings` are named as in the environment."""
        self.slack, self.folder = slack, folder
        self.data = folder / "data"
        flows = folder / "flows"
        flows.mkdir()
        (flows / "house.yaml").write_text(HOUSE)
        self.settings = {
            "DATA_DIR": str(self.data),
            "FLOWS_DIR": str(flows),
            "SEND_LEASE": "1",
            "SLACK_API_URL": slack.api,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_BOT_TOKEN": slack.token,
            "SUPPORT_EMAIL": SUPPORT,
            **settings,
        }
        self.members: list[subprocess.Popen[bytes]] = []

    def hire(self, command: str) -> "subprocess.Popen[bytes]":
        """Start another process: `slack`, `worker` or `run`."""
        with (self.folder / "log").open("ab") as told:
            process = warm_process.start(
                ["-m", "bot", command],
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(ROOT), **self.settings},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=told,
            )
        self.members.append(process)
        return process

    async def ears(self, command: str = "slack") -> "subprocess.Popen[bytes]":
        """Start another process that listens to Slack, and wait until it is connected."""
        before = self.slack.sockets.opened
        process = self.hire(command)
        await self.slack.until(lambda: self.slack.sockets.opened >= before + 2, 30)
        return process

    def kill(self, member: "subprocess.Popen[bytes]") -> None:
        """Kill a process as `kill -9` does."""
        member.kill()
        member.wait()
        self.members.remove(member)

    async def dismiss(self, member: "subprocess.Popen[bytes]") -> int:
        """Stop a process by SIGTERM and return the exit code. Meanwhile this event loop must run the stand-in."""
        member.terminate()
        self.members.remove(member)
        return await asyncio.to_thread(member.wait, 30)

    def command(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a command beside the processes until it ends."""
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200", **self.settings}
        return warm_process.run(["-m", "bot", *words], cwd=self.folder, env=environment)

    async def leave(self) -> None:
        """Stop all processes. The last one stops the embedded store."""
        for member in tuple(self.members):
            await self.dismiss(member)


@asynccontextmanager
async def crew(folder: Path, **settings: str) -> AsyncIterator[tuple[Slack, Crew]]:
    """Run Slack with a channel, and a crew without processes."""
    async with Slack.running() as slack:
        slack.channel("C1", "help")
        hired = Crew(slack, folder, **settings)
        try:
            yield slack, hired
        finally:
            await hired.leave()


@asynccontextmanager
async def product(slack: Slack, store: Store, sockets: bool = True, **settings: str) -> AsyncIterator[App]:
    """Compose the product in this process, with a worker. The caller closes the store."""
    platform = SlackApp(
        Access(
            bot_token=slack.token,
            app_token=slack.app_token,
            signing_secret=slack.signing_secret,
            api_url=slack.api,
            agents=("U9",),
        )
    )
    given = load_settings({"SUPPORT_EMAIL": SUPPORT, **settings})
    app = compose(given, store, FlowFiles(catalogue=catalogue(), readings=()), (), Platforms((platform,)))
    stop = asyncio.Event()
    before = slack.sockets.opened
    tasks = [asyncio.create_task(work(app, stop))]
    if sockets:
        tasks.append(asyncio.create_task(platform.hear(slack_ports(app), stop)))
    try:
        if sockets:
            await slack.until(lambda: slack.sockets.opened >= before + 2)
        yield app
    finally:
        stop.set()
        await asyncio.gather(*tasks)
        await app.outbox.idle()
        await platform.close()


def buttons(slack: Slack, channel: str, thread: str = "") -> list[dict[str, Any]]:
    """Return the app's messages that can be pressed, oldest first."""
    return [one for one in slack.by_the_app(channel, thread) if "Talk to a person" in labels(one)]


async def shown(slack: Slack, channel: str, thread: str, words: str, seconds: float = 30) -> dict[str, Any]:
    """Wait for the app's message with these words that can be pressed, and return it."""

    def found() -> list[dict[str, Any]]:
        return [one for one in buttons(slack, channel, thread) if words in one["text"]]

    await slack.until(found, seconds)
    return found()[-1]


def effects(messages: list[dict[str, Any]]) -> list[str]:
    """Return the ids of the effects that these messages carried out."""
    return [one["metadata"]["event_payload"]["id"] for one in messages]


async def mentions_the_house(ana: Person) -> str:
    """Let Ana mention the bot with her problem. Return the thread."""
    return await ana.mentions("C1", "the house is dark")
