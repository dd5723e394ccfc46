"""Tests the roles and names from an issuer's claims, and the errors for an incomplete issuer."""

from typing import Any

import pytest

from bot.wiring.oidc_roles import Rule, entry, free, names
from bot.wiring.settings import SettingsError, load_settings

WHOLE = {
    "oidc_issuer": "https://id.example",
    "oidc_client_id": "desk",
    "oidc_client_secret": "s",
    "oidc_agents": "groups=support, @acme.example",
    "oidc_admins": "realm_access.roles=chief,boss@acme.example",
    "public_url": "https://help.example",
}
VERIFIED = {"email_verified": True}


@pytest.mark.parametrize(
    ("claims", "role"),
    [
        ({}, None),
        ({"groups": ["support"]}, "agent"),
        ({"groups": "support"}, "agent"),
        ({"groups": ["supporters", "Support"]}, None),
        ({"groups": None}, None),
        ({"realm_access": {"roles": ["chief"]}}, "admin"),
        ({"realm_access": ["chief"]}, None),
        ({"realm_access.roles": ["chief"], "groups": ["support"]}, "admin"),
        ({"email": "ana@acme.example"}, None),
        ({"email": "ana@acme.example", "email_verified": False}, None),
        ({"email": "Ana@ACME.example", **VERIFIED}, "agent"),
        ({"email": "ana@acme.example", "email_verified": "true"}, "agent"),
        ({"email": "boss@acme.example", **VERIFIED}, "admin"),
        ({"email": "ana@evil-acme.example", **VERIFIED}, None),
        ({"email": "ana@acme.example.evil", **VERIFIED}, None),
        ({"email": "ana@evil.example@acme.example", **VERIFIED}, None),
    ],
)
def test_claims_make_an_agent_an_admin_or_nobody(claims: dict[str, Any], role: str | None) -> None:
    found = entry(load_settings(WHOLE))
    assert found is not None
    assert found.role(claims) == role


def test_a_claim_of_mail_is_judged_like_an_address() -> None:
    rule = Rule.parse("email=ana@acme.example")
    assert not rule.admits({"email": "ana@acme.example"})
    assert rule.admits({"email": "ana@acme.example", **VERIFIED})


def test_a_claim_may_be_an_address_of_the_web_and_a_group_may_have_blanks() -> None:
    assert Rule.parse("https://acme.example/roles=on call").admits(
        {"https://acme.example/roles": ["on call"]}
    )
    assert Rule.parse("agent=true").admits({"agent": True})


@pytest.mark.parametrize("text", ["support", "a b@acme.example", "=x", "groups=", "@localhost"])
def test_a_rule_that_cannot_be_read_is_said(text: str) -> None:
    with pytest.raises(SettingsError, match="OIDC_ADMINS: expected claim=value"):
        entry(load_settings(WHOLE | {"oidc_admins": text}))


@pytest.mark.parametrize("name", ["oidc_issuer", "oidc_client_id", "oidc_client_secret", "public_url"])
def test_half_an_issuer_is_said_by_the_name_of_what_is_missing(name: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name.upper()}: expected"):
        entry(load_settings({key: value for key, value in WHOLE.items() if key != name}))


def test_an_issuer_that_lets_nobody_in_is_half_an_issuer() -> None:
    with pytest.raises(SettingsError, match="OIDC_AGENTS: expected who to let in"):
        entry(load_settings(WHOLE | {"oidc_agents": "", "oidc_admins": ""}))


@pytest.mark.parametrize(
    "issuer", ["http://id.example", "https://u:p@id.example", "id.example", "https://id.example?x"]
)
def test_secrets_go_over_https_or_to_this_machine(issuer: str) -> None:
    with pytest.raises(SettingsError, match="OIDC_ISSUER: expected an https address"):
        entry(load_settings(WHOLE | {"oidc_issuer": issuer}))
    assert entry(load_settings(WHOLE | {"oidc_issuer": "http://127.0.0.1:8080"})) is not None


def test_nothing_set_is_no_issuer_and_links_are_then_the_one_way_in() -> None:
    assert entry(load_settings({})) is None
    with pytest.raises(SettingsError, match="DESK_LINKS"):
        entry(load_settings({"desk_links": "no"}))


def test_the_secret_is_in_no_text_of_the_entry() -> None:
    assert "hidden" not in repr(entry(load_settings(WHOLE | {"oidc_client_secret": "hidden"})))


def test_customers_are_told_a_name_that_nobody_else_has() -> None:
    claims = {"given_name": " Ana\u202e ", "name": "Ana  Lima", "email": "al@acme.example"}
    assert names(claims) == ("Ana", "Ana Lima", "al")
    assert names({}) == ("Agent",)
    assert free(("Ana", "Ana Lima"), ["ana"]) == "Ana Lima"
    assert free(("Ana",), ["Ana", "Ana 2"]) == "Ana 3"
    assert len(free(("x" * 40,), ["x" * 40])) <= 40
