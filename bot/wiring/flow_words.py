"""Picks the settings that flows may show to customers: names and addresses, never a token."""

import re
from collections.abc import Mapping
from typing import Final

from bot.wiring.settings import Settings

WORDS: Final = re.compile(
    r"(PRODUCT_NAME|SUPPORT_(NAME|EMAIL)|TEAM_[A-Z0-9_]+_(NAME|EMAIL|HOURS|FIRST_REPLY)|[A-Z][A-Z0-9_]*_URL|FLOW_[A-Z0-9_]+)"
)
"""Names of settings that a flow's words may show. Tokens, keys and passwords can never be among them."""

NEVER_WORDS: Final = frozenset(
    {
        "REDIS_URL",
        "PUBLIC_URL",
        "SLACK_API_URL",
        "DISCORD_API_URL",
        "DISCORD_GATEWAY_URL",
        "TICKET_WEBHOOK_URL",
        "SMTP_URL",
    }
)


def words(settings: Settings, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the settings that flows may show, by name. `environment` holds those that the product does not know.

    Only names of words and addresses for customers are included, so that no flow can print a token.
    """
    known = {"PRODUCT_NAME": settings.product_name, "SUPPORT_NAME": settings.support_name}
    known["SUPPORT_EMAIL"] = settings.support_email
    known |= {"DESK_HOURS": settings.desk_hours, "DESK_FIRST_REPLY": settings.desk_first_reply}
    if settings.support_name:
        known["TEAM_SUPPORT_NAME"] = settings.support_name
    further = {
        name: value
        for name, value in environment.items()
        if WORDS.fullmatch(name) and name not in NEVER_WORDS and "@" not in _host(value)
    }
    return {name: value for name, value in (known | further).items() if value}


def _host(url: str) -> str:
    """Return the part of an address that could hold credentials."""
    return url.split("://", 1)[1].split("/", 1)[0] if "://" in url else ""
