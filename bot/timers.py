"""Timers: what comes due is an event like any other, and goes through the desk."""

from typing import Final

from bot.ports import Alarms, Contended, Receive, RevisionUnreadable
from bot.telemetry import log

HIDDEN_MS: Final = 30_000
"""How long a timer that rang is hidden from other workers, in milliseconds."""

AT_ONCE: Final = 100


async def ring(alarms: Alarms, receive: Receive) -> int:
    """Hand every timer that is due to the desk; returns how many rang. Raises StoreDown.

    One that was heard stays gone, whether it did something or its guard had passed; one that the desk could not take
    now rings again later.
    """
    due = await alarms.due(HIDDEN_MS, AT_ONCE)
    for rang in due:
        try:
            await receive(rang)
        except (RevisionUnreadable, Contended) as reason:
            log("timers").warning(
                "a timer failed; trying again later", conversation=rang.conversation, reason=str(reason)
            )
            continue
        await alarms.dismiss(rang)
    return len(due)
