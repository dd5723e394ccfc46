"""Compares an event of ours with those of other engines, on one server and in one run.

`python -m tests.bench.peers [--only NAME,NAME] [--rounds N] [--conversations N]` prints a table. Each peer has an
environment of its own in `.peers/`, which is made once from its list in `requirements/`.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import redis

from tests.contracts.support.servers import free_port, pings, start
from tests.fakes.wait import wait_for

ROOT: Final = Path(__file__).parents[3]
ENVIRONMENTS: Final = ROOT / ".peers"
AT_ONCE: Final = (1, 50)
DEADLINE_S: Final = 600.0
"""Seconds that one run of a peer may take."""


class Peer(NamedTuple):
    """A module that plays, and what the table calls it."""

    module: str
    title: str

    @property
    def python(self) -> Path:
        """Return the interpreter to run it with: its own, or the project's if it has no list of packages."""
        listed = Path(__file__).parent / "requirements" / f"{self.module}.txt"
        return _environment(listed) if listed.exists() else Path(sys.executable)


PEERS: Final = (
    Peer("bare", "bare script call"),
    Peer("ours", "Troubletree"),
    Peer("aiogram_fsm", "aiogram FSM on Redis"),
    Peer("burr_redis", "Apache Burr on Redis"),
    Peer("langgraph_sqlite", "LangGraph on SQLite"),
    Peer("transitions_redis", "naive transitions on Redis"),
)

Figures = dict[str, float]


def main() -> None:
    """Run every peer in rounds that take turns, and print the medians."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.peers", description=__doc__)
    parser.add_argument("--only", default=",".join(peer.module for peer in PEERS), help="names of peers")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--conversations", type=int, default=300)
    options = parser.parse_args()
    peers = [peer for peer in PEERS if peer.module in options.only.split(",")]
    found: dict[tuple[Peer, int], list[Figures]] = {}
    for peer in peers:
        _ = peer.python  # made before anything is measured
    with _server() as (port, console):
        for _ in range(options.rounds):
            for at_once in AT_ONCE:
                for peer in peers:
                    console.flushall()
                    found.setdefault((peer, at_once), []).append(
                        _run(peer, port, options.conversations, at_once)
                    )
    medians = {place: _median(figures) for place, figures in found.items()}
    print("\n".join(_table(peers, medians)))


def _run(peer: Peer, port: int, conversations: int, at_once: int) -> Figures:
    command = [
        str(peer.python),
        "-m",
        f"tests.bench.peers.{peer.module}",
        str(port),
        str(conversations),
        str(at_once),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=DEADLINE_S, check=False)
    if done.returncode:
        raise SystemExit(f"{peer.title} failed:\n{done.stdout}{done.stderr}")
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def _median(figures: Sequence[Figures]) -> Figures:
    return {name: statistics.median(each[name] for each in figures) for name in figures[0]}


def _table(peers: Sequence[Peer], medians: dict[tuple[Peer, int], Figures]) -> Iterator[str]:
    """Yield the lines of a table in Markdown: per second one at a time and fifty at once, and the cost at fifty."""
    ours = next((peer for peer in peers if peer.module == "ours"), peers[0])
    one, many = AT_ONCE
    yield (
        "| | one at a time | fifty at once | ours is | CPU of the client | CPU of the server | round trips |\n"
        "|---|---|---|---|---|---|---|"
    )
    for peer in peers:
        alone, crowd = medians[peer, one], medians[peer, many]
        times = [medians[ours, each]["per_second"] / medians[peer, each]["per_second"] for each in AT_ONCE]
        server = f"{crowd['server_us']:.0f} µs" if crowd["server_us"] else "none"
        yield (
            f"| {peer.title} | {alone['per_second']:,.0f}/s | {crowd['per_second']:,.0f}/s"
            f" | {times[0]:.1f} and {times[1]:.1f} times as fast | {crowd['client_us']:.0f} µs | {server}"
            f" | {alone['trips']:.1f} |"
        )


@contextmanager
def _server() -> Iterator[tuple[int, "redis.Redis"]]:
    """Run Debian's Redis, which appends all to its disk once a second, as the product's embedded server does."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        process = start(Path(folder), "--port", str(port), "--bind", "127.0.0.1")
        console = redis.Redis(port=port)
        try:
            wait_for(lambda: pings(console))
            yield port, console
        finally:
            console.close()
            process.terminate()
            process.wait(10)


def _environment(listed: Path) -> Path:
    """Return the interpreter of an environment with these packages, which is made if it is missing or out of date."""
    folder = ENVIRONMENTS / listed.stem
    made = folder / listed.name
    if not made.exists() or made.read_text(encoding="utf-8") != listed.read_text(encoding="utf-8"):
        print(f"Installing {listed.stem} (once)", file=sys.stderr)
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder, with_pip=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", "-r", listed], check=True)
        shutil.copy(listed, made)
    return folder / "bin" / "python"


if __name__ == "__main__":
    main()
