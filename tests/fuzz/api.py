"""Feeds the REST API with what Schemathesis draws from its OpenAPI document, valid and not, in this process."""

import asyncio
import itertools
import time
import traceback
from collections.abc import Sequence
from typing import Any, Final

import httpx
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import seed as seeded
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from tests.adapters.web.support.embedder import begin
from tests.adapters.web.support.site import Place, open_place
from tests.fuzz.doors import Result, watched_log
from tests.fuzz.web import LIMITS

GENERATIONS: Final = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


def feed_api(numbers: Sequence[int], seed: int) -> Result:
    """Send as many requests as there are numbers, spread over the operations."""
    result = Result("api")
    began = time.monotonic()
    with watched_log() as logged, asyncio.Runner() as runner:
        opening = open_place(**LIMITS)
        place = runner.run(_enter(opening))
        try:
            _feed(place, runner, len(numbers), seed + (numbers[0] if numbers else 0), result)
        finally:
            runner.run(_leave(opening))
    result.failures |= {line[:300]: line for line in logged}
    result.seconds = time.monotonic() - began
    return result


async def _enter(opening: Any) -> Place:
    place: Place = await opening.__aenter__()
    return place


async def _leave(opening: Any) -> None:
    await opening.__aexit__(None, None, None)


def _feed(place: Place, runner: asyncio.Runner, count: int, seed: int, result: Result) -> None:
    schema = schemathesis.openapi.from_dict(place.asgi.openapi())
    found = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    operations = [each for each in found if "stream" not in each.path]
    client = place.client()
    walk = runner.run(begin(client))
    # An operation without parameters has few requests that differ, so others are drawn again until there are enough.
    while result.inputs < count and not result.failures:
        each = max(1, (count - result.inputs) // (len(operations) * len(GENERATIONS)))
        for operation, mode in itertools.product(operations, GENERATIONS):
            cases = operation.as_strategy(generation_mode=mode)
            send = _sender(client, runner, walk.bearer, str(walk.state["id"]), result)
            error = _draw(cases, send, each, seed + result.inputs)
            if error is not None:
                told = "".join(traceback.format_exception(error))[-3000:]
                result.failures[f"{type(error).__name__} {error}"[:300]] = (
                    f"python -m tests.fuzz --only api --inputs {count} --seed {seed}\n{told}"
                )
    runner.run(client.aclose())


def _draw(cases: SearchStrategy[Any], send: Any, count: int, seed: int) -> Exception | None:
    """Send at most so many requests of an operation. Return the first error, made as small as it gets."""

    @seeded(seed)
    @settings(max_examples=count, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(cases)
    def draw(case: Any) -> None:
        send(case)

    try:
        draw()
    except Unsatisfiable:
        pass  # nothing about this operation can be wrong
    except Exception as error:  # noqa: BLE001  # each failure is reported with its seed
        return error
    return None


def _sender(
    client: httpx.AsyncClient, runner: asyncio.Runner, bearer: dict[str, str], begun: str, result: Result
) -> Any:
    def send(case: Any) -> None:
        given = case.as_transport_kwargs(base_url=str(client.base_url).rstrip("/"))
        result.inputs += 1
        # Half of the requests are about a conversation that exists, and may be made.
        url = str(given["url"])
        if "/conversations/" in url and result.inputs % 2:
            rest = url.split("/conversations/", 1)[1]
            url = url.replace(rest, begun + ("/events" if rest.endswith("/events") else ""))
        headers = {str(name): str(value) for name, value in (given.get("headers") or {}).items()}
        sent = {"json": given["json"]} if "json" in given else {"content": given.get("data") or b""}
        try:
            request = client.build_request(
                given["method"], url, headers=headers | bearer, params=given.get("params") or None, **sent
            )
        except (httpx.InvalidURL, TypeError, ValueError, UnicodeError):
            return  # no HTTP client can send it
        answer = runner.run(client.send(request))
        assert answer.status_code < 500, f"{request.method} {request.url} gave {answer.status_code}"

    return send
