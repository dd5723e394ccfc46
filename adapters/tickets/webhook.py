"""Reports tickets by webhook: each report is a signed POST of JSON to an address that the operator sets."""

from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any, Final

import aiohttp
import orjson

from adapters.tickets.signature import signed
from bot.ports import Busy, TicketReport, Undeliverable
from flows.text.visible import one_line

TIMEOUT_S: Final = 10.0
"""Seconds to wait for a response."""

LONGEST_NAME: Final = 200
"""Characters of the other system's name for the ticket."""

BUSY_RETRY_S: Final = 60.0
"""Seconds to wait when the other system is busy and does not say for how long."""

INTERNAL: Final = {"number", "who", "happened", "quoted", "answered", "address", "reply_to", "later"}
"""Fields of a report that the body has under other names, or not at all."""

AGAIN: Final = frozenset({408, 425, 429})
"""Statuses that mean: nothing was done, try again."""


class WebhookBackend:
    """Implements the port TicketBackend over HTTP."""

    name = "webhook"

    def __init__(self, address: str, secret: str, now: Callable[[], float]) -> None:
        """`now` is the time in seconds since 1970."""
        self._address, self._secret, self._now = address, secret, now

    async def file(self, report: TicketReport) -> str:
        """Post a report and return the other system's name for the ticket.

        The other system recognizes a repeated report by `Idempotency-Key`, or by number and version. Raises Busy and
        Undeliverable; after any other error the outcome is unknown.
        """
        body = payload(report)
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": f"{report.number}-{report.version}",
            **signed(self._secret, body, self._now()),
        }
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(self._address, data=body, headers=headers, allow_redirects=False) as answer,
        ):
            if answer.status in AGAIN or (answer.status == 503 and "Retry-After" in answer.headers):
                raise Busy(_seconds(answer.headers.get("Retry-After", ""), self._now()))
            if answer.status >= 500:
                raise ConnectionError(f"the webhook returned {answer.status}")
            if answer.status >= 300:
                raise Undeliverable(f"the webhook returned {answer.status}")
            return _ticket_name(await answer.content.read(65_536))


def payload(report: TicketReport) -> bytes:
    """Write the body, as `docs/tickets.md` describes it."""
    body: dict[str, Any] = report.model_dump(exclude=INTERNAL)
    body |= {"type": "ticket", "ticket": report.number, "team_address": report.address}
    body["happened"] = {"who": report.who, "text": report.happened} if report.happened else None
    return orjson.dumps(body)


def _ticket_name(body: bytes) -> str:
    """Read the other system's name for the ticket: the field `id` of its response, if there is one."""
    try:
        response = orjson.loads(body)
    except ValueError:
        return "filed"
    name = response.get("id") if isinstance(response, dict) else None
    return one_line(str(name))[:LONGEST_NAME] or "filed" if isinstance(name, str | int) else "filed"


def _seconds(text: str, now: float) -> float:
    """Return the seconds that Retry-After asks to wait, given as seconds or a date; an hour at most."""
    try:
        wait = float(text) if text.isdecimal() else parsedate_to_datetime(text).timestamp() - now
    except (TypeError, ValueError):
        return BUSY_RETRY_S
    return min(max(wait, 1.0), 3600.0)
