"""Tests that the invite link asks for the permissions that the product uses, and says why."""

from urllib.parse import parse_qs, urlsplit

import discord
import pytest

from adapters.discord.api.manifest import NEVER, PERMISSIONS, application_of, invite, permissions
from tests.fakes.discord import TOKEN


def test_the_number_in_the_link_is_the_permissions_with_a_reason_each() -> None:
    asked = discord.Permissions(permissions())
    names = {name for name, on in asked if on}
    assert names == {
        "read_messages",
        "send_messages",
        "add_reactions",
        "embed_links",
        "attach_files",
        "read_message_history",
        "manage_threads",
        "create_public_threads",
        "create_private_threads",
        "send_messages_in_threads",
    }
    assert len(PERMISSIONS) == len(names)
    assert all(why for _bit, why in PERMISSIONS.values())
    assert not set(NEVER) & set(PERMISSIONS)


def test_the_link_is_discords_own() -> None:
    parts = urlsplit(invite("1234567890123456789"))
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "discord.com", "/oauth2/authorize")
    asked = {name: value for name, (value,) in parse_qs(parts.query).items()}
    assert asked["scope"].split() == ["bot", "applications.commands"]
    assert (asked["client_id"], int(asked["permissions"])) == ("1234567890123456789", permissions())


@pytest.mark.parametrize(
    ("token", "application"),
    [
        (TOKEN, "1000000000000000000"),
        (f"Bot {TOKEN}", "1000000000000000000"),
        ("", ""),
        ("nonsense", ""),
        ("é.x.y", ""),
    ],
)
def test_the_application_is_known_from_the_token(token: str, application: str) -> None:
    assert application_of(token) == application
