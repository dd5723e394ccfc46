"""Tests that no token, link, cookie or password of a whole story reaches the log, at its most talkative."""

import asyncio
import json
import re
from typing import Final

import httpx

from tests.adapters.web.support.visitor import Browser
from tests.bot.commands.support.shell import Shell, lines_up_to
from tests.fakes.slack import Slack

WORD: Final = "Tr0ub4dor&3"
SETTINGS: Final = {
    "LOG_LEVEL": "debug",
    "LOG_FORMAT": "json",
    "PORT": "0",
    "SMTP_URL": "smtp://mailer:Mailer-pa55word@127.0.0.1:9",  # no one answers there
    "MAIL_FROM": "help@acme.example",
    "TICKET_WEBHOOK_URL": "http://127.0.0.1:9/hook",
    "TICKET_WEBHOOK_SECRET": "a-webhook-secret-of-32-characters",
}
SECRETS: Final = ("Mailer-pa55word", "a-webhook-secret-of-32-characters", WORD, "hunter2x9")


async def test_no_secret_of_a_story_reaches_the_log_at_debug_level(shell: Shell) -> None:
    async with Slack.running() as slack:
        slack.channel("C1", "help")
        tokens = {"SLACK_APP_TOKEN": slack.app_token, "SLACK_BOT_TOKEN": slack.token}
        with shell.running("run", SLACK_API_URL=slack.api, **tokens, **SETTINGS) as process:
            said = await asyncio.to_thread(lines_up_to, process, "Slack")
            page = next(line.split()[-1] for line in said if line.strip().startswith("The page"))
            sign_in = next(
                word for line in said if "Sign in" in line for word in line.split() if "/in/" in word
            )
            ana = slack.person("U1", name="Ana")
            thread = await ana.mentions("C1", f"Connection is not active. password: {WORD}")
            await slack.until(lambda: slack.by_the_app("C1", thread))
            async with httpx.AsyncClient(base_url=page) as client:
                used = await walk_the_page(client)
                await client.get(sign_in)
                used |= {client.cookies[name] for name in ("tt_visitor", "tt_desk") if name in client.cookies}
            process.terminate()
            _, errors = await asyncio.to_thread(process.communicate, timeout=30)
    lines = [json.loads(line) for line in errors.splitlines()]
    assert {line["level"] for line in lines} >= {"debug"}
    for secret in {*SECRETS, *tokens.values(), sign_in.rpartition("/")[2], *used}:
        assert secret not in errors


async def walk_the_page(client: httpx.AsyncClient) -> set[str]:
    """Start with a password, ask for a link to another device, open a ticket. Return the tokens that were seen."""
    browser = await Browser(client).open("/")
    await browser.press("text", text=f"The connection is not active, my password is {WORD}")
    begun = browser.path
    await client.get(begun + "?password=hunter2x9")
    await browser.post(browser.form("escalate").replace("/events", "/link", 1))
    links = set(re.findall(r"/go/([\w-]{20,})", browser.page))
    await browser.open(begun)
    await browser.press("escalate")
    assert links
    return links
