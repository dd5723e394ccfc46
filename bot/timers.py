"""Rings timers: a due timer is an event like any other, and goes through the desk."""

from typing import Final

from bot.ports import Alarms, Contended, Receive, StoreDown, Unreadable
from bot.telemetry import log

HIDDEN_MS: Final = 30_000
"""Milliseconds for which a timer that rang stays hidden from other workers."""

AT_ONCE: Final = 100


async def ring(alarms: Alarms, receive: Receive) -> int:
    """Hand every due timer to the desk; return how many rang. Raises StoreDown.

    A recorded timer stays gone, whether it changed something or its guard had passed; a timer that the desk could not
    take now rings again later, and no failure of one timer stops the others.
    """
    due = await alarms.due(HIDDEN_MS, AT_ONCE)
    for rang in due:
        try:
            await receive(rang)
        except StoreDown:
            raise
        except (Unreadable, Contended) as reason:
            log("timers").warning(
                "a timer failed; trying again later", conversation=rang.conversation, reason=str(reason)
            )
            continue
        except Exception:  # noqa: BLE001 # whatever happens to one timer, the others ring
            log("timers").exception(
                "a timer failed unexpectedly; trying again later",
                conversation=rang.conversation,
                kind=rang.kind,
            )
            continue
        await alarms.dismiss(rang)
    return len(due)
