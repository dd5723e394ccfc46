"""Carries out effects: the outbox, the one way out, sends in order and asks before it sends anything twice."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from heapq import heappop, heappush
from typing import Any, Final

from bot.ack_priority import AckPriority
from bot.agents.deliveries import LookedUp
from bot.outbox.attempt import send_once, transfer
from bot.outbox.deliveries import CURRENT_S, Deliveries, Newest, thread_door, unknown
from bot.outbox.lease_renewal import HOLD_MS, LeaseRenewal
from bot.outbox.lost_places import LostPlaces
from bot.ports import (
    Busy,
    Channel,
    Contended,
    Damaged,
    Lease,
    Leases,
    Outbox,
    PartialReceipt,
    PlaceGone,
    Places,
    Receive,
    RevisionUnreadable,
    StoreDown,
    Undeliverable,
    Unreadable,
    Unsure,
)
from bot.telemetry import log
from bot.views.reader import Read
from flows.conversation import Conversation
from flows.effects import Amend, Ask, Filing, Mailing, Packet, Relay, Suggest

SEND_WITHIN: Final = 0.8
"""The part of a lease that one send may take."""

PATIENCE: Final = 8
"""Attempts with an unknown outcome, at a platform that drops repeats by itself, before the effect becomes a dead
letter."""

MAX_FILING_RETRY_MS: Final = 600_000
"""Milliseconds between two attempts at an unavailable ticket backend, at most."""

DAMAGED_MS: Final = 60_000
"""Milliseconds until another look at a lane whose conversation is damaged: its effects wait until a person mends it."""

RECORD_AGAIN_MS: Final = 1000
"""Milliseconds until another attempt at an effect that waits for an earlier one, or for the desk."""

REASON: Final = 300
"""Characters of an error that are logged and stored: some quote what was sent, whole files included."""

WAKE_MARGIN_S: Final = 0.01
"""Seconds after a lane is due at which it is looked for, because the store has its own clock."""

AT_ONCE: Final = 64
"""Lanes that one process carries out at the same time."""


After = Callable[[Lease, str, Read | None], Awaitable[None]]
"""Called after an effect was carried out or given up."""


class Carrier:
    """Carries out the effects of lanes. Lanes granted by a commit start at once; a worker picks up the rest."""

    def __init__(
        self,
        outbox: Outbox,
        leases: Leases,
        deliveries: Deliveries,
        places: Places,
        channels: Sequence[Channel],
        lease: int = 30_000,
        after: After | None = None,
        ack_priority: AckPriority | None = None,
    ) -> None:
        """Take the ports of one store and this process's senders.

        `channels` are the senders that work in this process; lanes of other channels stay untouched. A send is cut off
        well before `lease` ms are over; while it lasts, its lease is renewed through `leases`, so that no two holders
        send at once and a dead one is soon noticed. `places` makes a new agents' thread findable. `after` is called for
        each relay, edit and email: with '' if it was carried out, with the reason if it was given up, and with what was
        read for it; no lane waits for the call. Each send waits for events with `ack_priority`.
        """
        self._outbox = outbox
        self._deliveries = deliveries
        self._places = places
        self._channels = {channel.name: channel for channel in channels}
        self._lease = lease
        self.hold = min(lease, HOLD_MS)
        self._renewal = LeaseRenewal(leases, self.hold)
        self._after = after
        self.ack_priority = ack_priority or AckPriority()
        self._lost_places: LostPlaces | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._due: list[float] = []
        self._log = log("outbox")

    def report_lost_places(self, receive: Receive) -> None:
        """Let the desk know of deleted threads and unreachable channels: `receive` is the desk's."""
        self._lost_places = LostPlaces(receive)

    @property
    def channels(self) -> tuple[str, ...]:
        """Return the names of the channels that this process carries out."""
        return tuple(self._channels)

    def carry(self, leases: Sequence[Lease], asked: float, newest: Newest = unknown) -> None:
        """Start to carry out lanes, asked for at `asked` by the loop's clock; `newest` is for those of a commit."""
        for lease in leases:
            self.begin(self._drain(lease, asked, newest))

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Start work that `idle` waits for; return at once."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def idle(self) -> None:
        """Wait until every started send is settled."""
        while self._tasks:
            await asyncio.gather(*tuple(self._tasks))

    def due_in(self) -> float:
        """Return the seconds until the next lane is due that this process gave back: infinity if there is none."""
        return self._due[0] - asyncio.get_running_loop().time() if self._due else math.inf

    async def pick_up(self) -> int:
        """Take due lanes, left by a crash or a rate limit; return how many were taken."""
        while self.due_in() <= 0:
            heappop(self._due)
        room = AT_ONCE - len(self._tasks)
        if not self._channels or room <= 0:
            return 0
        asked = asyncio.get_running_loop().time()
        leases = await self._outbox.take(self.channels, self.hold, room)
        self.carry(leases, asked)
        return len(leases)

    async def _drain(self, lease: Lease, asked: float, newest: Newest) -> None:
        """Carry out the effects of the lane until it is empty or must wait, or until its lease is lost."""
        try:
            async with self._renewal.keeping(lease, asked):
                await self._carry_out(lease, asked, newest)
        except TimeoutError:
            # The effect stays recorded as begun, sent or not: the lane's next holder settles it first.
            self._log.warning("the lease of a lane could not be renewed", lane=lease.lane)
        except Exception:  # noqa: BLE001 # whatever happens in one lane, the others go on
            self._log.exception(
                "a lane failed unexpectedly; it waits until its lease expires", lane=lease.lane
            )

    async def _carry_out(self, lease: Lease, asked: float, newest: Newest) -> None:
        held: Lease | None = lease
        while held is not None:
            await self.ack_priority.passed()
            is_current = held is lease and asyncio.get_running_loop().time() - asked < CURRENT_S
            try:
                following = await self._attempt(held, newest(lease.conversation) if is_current else None)
            except StoreDown:
                # The effect stays recorded as begun, sent or not: the lane's next holder settles it first.
                self._log.warning(
                    "the store is unavailable; the lane waits until its lease expires", lane=held.lane
                )
                return
            except RevisionUnreadable as unreadable:
                self._log.warning(
                    "lane skipped: only a newer version can read its flow",
                    lane=held.lane,
                    reason=str(unreadable),
                )
                return
            except Damaged as damaged:
                self._log.warning(
                    "lane skipped: its conversation is damaged", lane=held.lane, reason=str(damaged)
                )
                await self._outbox.give_back(held, after=DAMAGED_MS, unsent=True)
                return
            held = following

    async def _attempt(self, lease: Lease, at: Conversation | None) -> Lease | None:
        """Make one attempt, on the state `at` of the conversation if it is given, and else on what is stored."""
        channel = self._channels.get(lease.channel)
        if channel is None:
            await self._outbox.give_back(lease, after=0, unsent=True)
            return None
        try:
            found = await self._deliveries.of(lease, at)
        except Unsure:
            await self._outbox.give_back(lease, after=RECORD_AGAIN_MS, unsent=True)
            return None
        except PlaceGone as gone:
            return await self._lose(lease, gone, None)
        except (StoreDown, Unreadable):
            raise
        except Exception as failure:  # noqa: BLE001 # it is tried again, and given up after some attempts
            self._log.exception("an effect could not be prepared", effect=lease.effect.id, lane=lease.lane)
            return await self._retry_unknown(lease, failure)
        if found is None:
            return await self._finish_unsent(channel, lease)
        return await self._send(channel, lease, found)

    async def _wait(self, lease: Lease, busy: Busy) -> None:
        """Give the lane back until the platform takes its effect. Nothing was sent."""
        await self._outbox.give_back(lease, after=int(busy.seconds * 1000), unsent=True)
        heappush(self._due, asyncio.get_running_loop().time() + busy.seconds + WAKE_MARGIN_S)

    async def _finish_unsent(self, channel: Channel, lease: Lease) -> Lease | None:
        """Finish an effect that no longer needs sending.

        An earlier attempt may have arrived, and a later Retire removes that message's buttons only if it has a receipt
        (law L6).
        """
        receipt = ""
        blank = await self._deliveries.blank(lease) if isinstance(lease.effect, Ask | Suggest) else None
        if blank is not None and lease.attempts > 1 and not channel.idempotent:
            try:
                async with asyncio.timeout(self._lease / 1000 * SEND_WITHIN):
                    receipt = await channel.settle(blank) or ""
            except Busy as busy:
                await self._wait(lease, busy)
                return None
            except Unsure:
                pass  # the message keeps its buttons, which change nothing
            except Exception as unknown:  # noqa: BLE001 # whatever a sender raises, the outcome is still unknown
                return await self._retry_unknown(lease, unknown)
        return await self._outbox.done(lease, receipt, self.hold)

    async def _send(self, channel: Channel, lease: Lease, found: LookedUp) -> Lease | None:
        delivery, read = found
        try:
            async with asyncio.timeout(self._lease / 1000 * SEND_WITHIN + transfer(delivery)):
                receipt = await send_once(channel, lease, delivery)
        except Busy as busy:
            await self._wait(lease, busy)
            return None
        except PlaceGone as gone:
            return await self._lose(lease, gone, read)
        except Undeliverable as refused:
            self._log.warning(
                "given up: the platform refused it", effect=lease.effect.id, reason=str(refused)
            )
            return await self._bury(lease, str(refused), read)
        except Exception as unknown:  # noqa: BLE001 # whatever a sender raises, the outcome is unknown
            return await self._retry_unknown(lease, unknown, read)
        if isinstance(lease.effect, Packet) and receipt:
            # Before the lane continues: an agent's immediate answer must find its conversation.
            await self._places.open(thread_door(lease.channel, receipt), lease.conversation)
        following = await self._outbox.done(lease, receipt, self.hold)
        self._report(lease, receipt.reason if isinstance(receipt, PartialReceipt) else "", read)
        return following

    async def _lose(self, lease: Lease, gone: PlaceGone, read: Read | None) -> Lease | None:
        """Record that the effect's place is gone. The effect is done if a new thread shows everything."""
        try:
            replaced = self._lost_places is not None and await self._lost_places.record(lease, gone)
        except Contended:
            await self._outbox.give_back(lease, after=RECORD_AGAIN_MS, unsent=True)
            return None
        if replaced:
            return await self._outbox.done(lease, "", self.hold)
        self._log.warning("given up: its place is gone", effect=lease.effect.id, reason=str(gone))
        return await self._bury(lease, str(gone), read)

    async def _bury(self, lease: Lease, reason: str, read: Read | None) -> Lease | None:
        following = await self._outbox.bury(lease, reason, self.hold)
        self._report(lease, reason, read)
        return following

    def _report(self, lease: Lease, reason: str, read: Read | None) -> None:
        if self._after is not None and isinstance(lease.effect, Relay | Amend | Mailing):
            self.begin(_await(self._after(lease, reason, read)))

    async def _retry_unknown(
        self, lease: Lease, unknown: Exception, read: Read | None = None
    ) -> Lease | None:
        reason = f"{type(unknown).__name__}: {unknown}"[:REASON]
        self._log.warning(
            "the outcome of a send is unknown",
            effect=lease.effect.id,
            attempts=lease.attempts,
            reason=reason,
        )
        files = isinstance(lease.effect, Filing)
        if lease.attempts >= PATIENCE and not files:
            return await self._bury(lease, reason, read)
        # A ticket backend gets retries however long it is unavailable: a report may arrive twice.
        after = min(MAX_FILING_RETRY_MS if files else 60_000, 500 * 2 ** min(lease.attempts, 20))
        await self._outbox.give_back(lease, after=after, unsent=False)
        return None


async def _await(work: Awaitable[None]) -> None:
    await work
