"""Says where and when a customer can expect a reply, by the team, its office hours and its targets."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, Literal

from flows.catalogue import SUPPORT
from flows.conversation import Conversation
from flows.hours import Hours, known, weekday_and_time
from flows.text.markup.words import Words, fill, parse
from flows.text.phrases import PHRASES

UNITS: Final = {"m": ("usually_minutes", 60), "h": ("usually_hours", 3600), "d": ("usually_days", 86_400)}
"""The units of a target such as `30m`, `4h` or `2d`: the phrase for each, and its seconds."""

_TARGET: Final = re.compile(r"(\d{1,4})([mhd])")


ReplyRoute = Literal["here", "email", "unaddressed"]
"""How a ticket's customer gets help.

"here": agents see the conversation and answer in it. "email": the customer must write to the external team. In
"unaddressed", the team is external, too, but no address is known, so that only the operator's own agents can help.
"""


def reply_route(*, external: bool, email: str, assigned: bool) -> ReplyRoute:
    """Return how a team's customer gets help; once an agent is assigned, the team no longer matters."""
    if assigned or not external:
        return "here"
    return "email" if email else "unaddressed"


def by_route(phrase: str, route: ReplyRoute) -> str:
    """Return the id of the phrase that is true for this route; most phrases are true for all routes."""
    own = f"{phrase}_{route}"
    return own if own in PHRASES else phrase


def setting(team: str, name: str) -> tuple[str, str]:
    """Return the names of a team's setting and of its default."""
    return f"TEAM_{team.upper().replace('-', '_')}_{name}", f"DESK_{name}"


def seconds(text: str) -> int:
    """Return a target in seconds. Raises ValueError that says how to write one."""
    written = _TARGET.fullmatch(text.strip())
    if written is None or int(written[1]) == 0:
        raise ValueError(f"expected a time such as 30m, 4h or 2d (got '{text}')")
    return int(written[1]) * UNITS[written[2]][1]


def promised(
    phrase: str, route: ReplyRoute, conversation: Conversation, settings: Mapping[str, str]
) -> Words:
    """Say after a phrase about a new ticket when the reply comes; nothing if it does not come from our agents."""
    if phrase not in _PROMISING or route == "email":
        return ()
    return expected(conversation, conversation.team if route == "here" else SUPPORT, settings)


_PROMISING: Final = ("waiting", "escalated", "escalated_first", "reopened_waiting", "came_back")


def expected(conversation: Conversation, team: str, settings: Mapping[str, str]) -> Words:
    """Say when the team usually replies; outside office hours, when the team is back, in the customer's zone if known.

    The answer is for the moment the ticket was opened at, so that it never changes. The start has checked the settings;
    an unreadable setting gives no words.
    """
    hours = _hours(_setting_of(team, "HOURS", settings))
    if hours is not None and (back := away(hours, conversation.ticket_at, conversation.zone)):
        return back
    target = _TARGET.fullmatch(_setting_of(team, "FIRST_REPLY", settings))
    if target is None:
        return ()
    count = int(target[1])
    return fill(parse(PHRASES.form(UNITS[target[2]][0], count)), {"count": str(count)})


def away(hours: Hours, moment: int, customers: str = "") -> Words:
    """Say when the team is back, in the customer's zone if it is known; nothing while the team works."""
    if hours.open_at(moment):
        return ()
    customer_zone = known(customers) if customers else None
    zone = customer_zone or known(hours.zone)
    assert zone is not None, "hours are read with their zone"
    values = {"moment": weekday_and_time(hours.opens(moment), zone), "zone": hours.zone}
    return fill(parse(PHRASES["back_on" if customer_zone else "back_on_zone"]), values)


def _setting_of(team: str, name: str, settings: Mapping[str, str]) -> str:
    own, default = setting(team, name)
    return settings.get(own) or settings.get(default, "")


@lru_cache(maxsize=64)
def _hours(text: str) -> Hours | None:
    try:
        return Hours.parse(text) if text else None
    except ValueError:
        return None
