"""Stores the outbox in Redis: lanes of effects, and leases on lanes."""

from collections.abc import Sequence
from typing import Final

from pydantic import ValidationError

from adapters.storage.keys import Shard, is_conversation_id
from adapters.storage.records.damage import Damage, intact, is_intact, is_newer
from adapters.storage.records.quarantine import RedisQuarantine
from adapters.storage.records.record import unentry
from adapters.storage.wire import ScriptCall, Wire, fresh_token, script
from bot.ports import Lease, PartialReceipt, Unsure
from bot.telemetry import log
from flows.effects import Ask, Effect

LEFT_MS: Final = 5_000
"""Milliseconds until a lane that this version cannot read is due again."""


class RedisOutbox:
    """Implements the ports Outbox and Leases."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._quarantine = RedisQuarantine(wire)

    async def take(self, channels: Sequence[str], lease: int, limit: int) -> tuple[Lease, ...]:
        """Lease due lanes of those channels for `lease` ms. A lane is due if it is free or its lease has expired.

        A lane whose head only a newer version can read stays where it is, for the processes of that version.
        """
        if not channels or limit < 1:
            return ()
        looks = [
            ScriptCall(script("due"), [shard.queues + channel for channel in channels], [limit])
            for shard in self._wire.shards
        ]
        due: list[tuple[float, str, str]] = []
        for shard, found in zip(self._wire.shards, await self._wire.run_all(looks), strict=True):
            for place, lane, score in zip(found[::3], found[1::3], found[2::3], strict=True):
                channel = channels[int(place) - 1]
                if await self._belongs(shard, channel, lane):
                    due.append((float(score), lane, channel))
        oldest = sorted(due)[:limit]
        token = fresh_token()
        takes = [self._take(lane, channel, token, lease) for _, lane, channel in oldest]
        leases = []
        for (_, lane, channel), answer in zip(oldest, await self._wire.run_all(takes), strict=True):
            effect = await self._effect(lane, channel, token, str(answer[1])) if answer else None
            if effect is not None:
                leases.append(
                    Lease(
                        conversation=lane.split("/", 1)[0],
                        lane=lane,
                        channel=channel,
                        token=token,
                        effect=effect,
                        attempts=int(answer[0]),
                    )
                )
        return tuple(leases)

    async def _belongs(self, shard: Shard, channel: str, lane: str) -> bool:
        """Return whether a queue's member is a lane of its shard. Other members are set aside."""
        known = is_conversation_id(lane.partition("/")[0])
        if known and self._wire.keys.shard(lane) is shard and is_intact(lane):
            return True
        why = "it names no lane of this shard"
        await self._quarantine.member(shard.queues + channel, "member of a queue", lane, why)
        return False

    async def _effect(self, lane: str, channel: str, token: str, entry: str) -> Effect | None:
        """Return the effect at the head of a lane that this process holds.

        None for an effect that only a newer version can read, which is left, and for a damaged one, which is set aside.
        """
        try:
            return unentry(intact(entry))[0]
        except ValidationError as why:
            if is_newer(why):
                await self._leave(lane, channel, token)
                return None
            damage: Exception = why
        except (ValueError, TypeError, Damage) as why:
            damage = why
        await self._quarantine.head(self._wire.keys.shard(lane), lane, channel, token, entry, damage)
        return None

    async def _leave(self, lane: str, channel: str, token: str) -> None:
        """Free a lane that this version cannot read, without counting the attempt."""
        log("store").warning("lane skipped: only a newer version can read its effect", lane=lane)
        shard = self._wire.keys.shard(lane)
        keys = (shard.queues + channel, shard.holds + lane)
        await self._wire.run(ScriptCall(script("give_back"), keys, (lane, token, LEFT_MS, "1")))

    def _take(self, lane: str, channel: str, token: str, lease: int) -> ScriptCall:
        shard = self._wire.keys.shard(lane)
        return ScriptCall(
            script("take"),
            (shard.queues + channel, shard.lanes + lane, shard.holds + lane),
            (lane, token, lease),
        )

    async def done(self, lease: Lease, receipt: str, extend: int) -> Lease | None:
        """Remove the lane's head, which was carried out, and store its receipt ('' for none).

        Return the lease on the next effect, extended by `extend` ms; None if no effect of this channel follows.
        """
        return await self._remove(lease, _stored(receipt), "", extend)

    async def bury(self, lease: Lease, reason: str, extend: int) -> Lease | None:
        """Make the lane's head a dead letter with the reason. Return the lease on the next effect, as in `done`."""
        return await self._remove(lease, "", reason or "given up", extend)

    async def _remove(self, lease: Lease, receipt: str, reason: str, extend: int) -> Lease | None:
        shard = self._wire.keys.shard(lease.conversation)
        turn = str(lease.effect.turn) if isinstance(lease.effect, Ask) else ""
        args = (
            lease.lane,
            lease.token,
            lease.effect.id,
            lease.channel,
            receipt,
            reason,
            extend,
            self._wire.keep,
            lease.conversation,
            turn,
        )
        answer = await self._wire.run(ScriptCall(script("done"), _done_keys(shard, lease), args))
        if answer[0] != "held":
            return None
        effect = await self._effect(lease.lane, lease.channel, lease.token, str(answer[1]))
        if effect is None:
            return None
        return lease.model_copy(update={"effect": effect, "attempts": 1})

    async def give_back(self, lease: Lease, after: int, unsent: bool) -> None:
        """Free the lane until it is due again in `after` ms. `unsent`: this attempt certainly sent nothing."""
        shard = self._wire.keys.shard(lease.conversation)
        keys = (shard.queues + lease.channel, shard.holds + lease.lane)
        args = (lease.lane, lease.token, after, "1" if unsent else "")
        await self._wire.run(ScriptCall(script("give_back"), keys, args))

    async def renew(self, lease: Lease, extend: int) -> bool:
        """Let the lease last `extend` ms from now; return False if another holder has taken the lane over."""
        shard = self._wire.keys.shard(lease.conversation)
        keys = (shard.queues + lease.channel, shard.holds + lease.lane)
        return bool(
            await self._wire.run(ScriptCall(script("renew"), keys, (lease.lane, lease.token, extend)))
        )

    async def receipt(self, conversation_id: str, effect_id: str) -> str | None:
        """Return the receipt of a sent effect. None if the effect was never sent. Raises Unsure while it is in a lane.

        The lanes are read before the receipts: one script removes an effect from its lane and stores its receipt.
        """
        if not is_conversation_id(conversation_id):
            return None
        shard = self._wire.keys.shard(conversation_id)
        customer, agents, receipt = await self._wire.ask_all(
            [
                ("LRANGE", f"{shard.lanes}{conversation_id}/customer", 0, -1),
                ("LRANGE", f"{shard.lanes}{conversation_id}/agents", 0, -1),
                ("HGET", shard.receipts + conversation_id, effect_id),
            ]
        )
        if receipt is None and any(entry.startswith(f"{effect_id} ") for entry in (*customer, *agents)):
            raise Unsure(f"effect {effect_id} has not been carried out yet")
        return None if receipt is None else _receipt(str(receipt))


def _stored(receipt: str) -> str:
    """Write a receipt; below that of a message which did not arrive as a whole stands the reason."""
    return f"{receipt}\n{receipt.reason}" if isinstance(receipt, PartialReceipt) else receipt


def _receipt(stored: str) -> str:
    """Read what `_stored` wrote."""
    receipt, _, reason = stored.partition("\n")
    return PartialReceipt.of(receipt, reason)


def _done_keys(shard: Shard, lease: Lease) -> tuple[str, ...]:
    """Return the keys of the script `done`, in its order."""
    return (
        shard.queues + lease.channel,
        shard.lanes + lease.lane,
        shard.holds + lease.lane,
        shard.receipts + lease.conversation,
        shard.records + lease.conversation,
        shard.alarms,
        shard.letters,
        shard.channels,
        shard.queues,
    )
