"""Delivers events to the bot over sockets or HTTP, and again if the bot does not acknowledge them."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from tests.fakes.slack.answers import Answer, Delivery
from tests.fakes.slack.bell import Bell
from tests.fakes.slack.faults import Faults
from tests.fakes.slack.http import Http
from tests.fakes.slack.refusals import Json
from tests.fakes.slack.sockets import Sockets


class Post:
    """Delivers to the bot. `ack_within` and `retry_after` are seconds; an event waits up to `patience` for a socket."""

    def __init__(self, sockets: Sockets, http: Http, faults: Faults, bell: Bell) -> None:
        self.ack_within = 3.0
        self.retry_after: tuple[float, ...] = (0.05, 1.0, 2.0)
        self.patience = 360.0
        self.deliveries: list[Delivery] = []
        self._sockets, self._http, self._faults, self._bell = sockets, http, faults, bell
        self._held: list[Delivery] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def event(self, payload: Json) -> Delivery:
        """Start to deliver an event, subject to the faults."""
        delivery = Delivery("events_api", payload)
        self.deliveries.append(delivery)
        if self._faults.swallowed:
            self._faults.swallowed -= 1
            delivery.over = True
            return delivery
        if self._faults.together:
            self._held.append(delivery)
            if len(self._held) >= self._faults.together:
                held, self._held, self._faults.together = self._held, [], 0
                for one in reversed(held):
                    self._start(self._carry(one))
            return delivery
        self._start(self._carry(delivery, self._faults.late.pop(0) if self._faults.late else 0.0))
        if self._faults.copies:
            self._faults.copies -= 1
            copy = Delivery("events_api", payload)
            self.deliveries.append(copy)
            self._start(self._carry(copy))
        return delivery

    async def ask(self, kind: str, payload: Json) -> Answer:
        """Deliver a click or a command once, and return the bot's answer to the person."""
        delivery = Delivery(kind, payload, attempts=1)
        self.deliveries.append(delivery)
        answer = await self._once(delivery, 0, "")
        delivery.over = True
        self._bell.ring()
        return answer

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, delivery: Delivery, late: float = 0.0) -> None:
        """Deliver an event, and repeat it until it is acknowledged."""
        await asyncio.sleep(late)
        reason = ""
        for attempt, pause in enumerate((0.0, *self.retry_after)):
            await asyncio.sleep(pause)
            if delivery.acked:
                break
            if not self._http.url and not await self._socket():
                break
            delivery.attempts += 1
            answer = await self._once(delivery, attempt, reason)
            reason = answer.reason
            if answer.acked or reason == "no_retry":
                break
        delivery.over = True
        self._bell.ring()

    async def _socket(self) -> bool:
        """Return whether there is a socket, or one opens in time."""
        try:
            await self._bell.until(lambda: self._sockets.open, self.patience)
        except TimeoutError:
            return False
        return True

    async def _once(self, delivery: Delivery, attempt: int, reason: str) -> Answer:
        if self._http.url:
            answer = await self._http.send(delivery.kind, delivery.payload, attempt, reason, self.ack_within)
        else:
            ack = self._sockets.send(delivery.kind, delivery.payload, attempt, reason)
            done, _waiting = await asyncio.wait({ack}, timeout=self.ack_within)
            if not done:
                ack.add_done_callback(lambda late: self._late(delivery, late))
            answer = ack.result() if done else Answer(acked=False, reason="timeout", seconds=self.ack_within)
        delivery.answers.append(answer)
        self._bell.ring()
        return answer

    def _late(self, delivery: Delivery, ack: "asyncio.Future[Answer]") -> None:
        """Note an ack that came too late, and stop the retries."""
        if not ack.cancelled():
            delivery.answers.append(ack.result())
