"""Feeds what reads texts: masking, markup, flow files, the ids of buttons and addresses, and what writes email."""

import email
import email.policy
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from adapters.discord.api.addresses import Person as DiscordPerson
from adapters.discord.inbound.markdown_words import markdown_words
from adapters.discord.render.tokens import read_token as read_discord_token
from adapters.mail.customers import written
from adapters.slack.api.addresses import Person as SlackPerson
from adapters.slack.inbound.mrkdwn_words import mrkdwn_words
from adapters.slack.render.tokens import read_token as read_slack_token
from bot.ports import Mail, Passage
from flows.authoring.reader import read
from flows.button import Button
from flows.conversation import Address
from flows.orders import Order, meant
from flows.text.markup.agent_markdown import formatted
from flows.text.markup.plain_text import plain
from flows.text.markup.styled import fitting, masked
from flows.text.secrets.masking import HIDDEN, mask, mask_file_name
from flows.text.understanding import understand
from tests.fuzz.doors import Door, Feed
from tests.fuzz.mutation import Mutator

HERE: Final = Path(__file__).parent
CORPUS: Final = HERE.parent / "flows" / "text" / "secrets"


def door(name: str, share: int, make: Callable[[], Feed]) -> Door:
    """Make a door that needs nothing to be opened or closed."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Feed]:
        yield make()

    return Door(name, share, opened)


@cache
def messages() -> tuple[str, ...]:
    """Return what people write, from the corpus of masking."""
    lines = [line for each in sorted(CORPUS.glob("*.txt")) for line in each.read_text("utf-8").splitlines()]
    return tuple(line.replace("⟦", "").replace("⟧", "") for line in lines)


def masking() -> Feed:
    known = messages()

    def feed(draw: Mutator) -> None:
        text = draw.text(known)
        secret = draw.pick((None, None, "password", "magic word", draw.text()))
        hidden = mask(text, secret)
        assert mask(hidden, secret) == hidden, "masking twice is masking once"
        mask_file_name(text, secret)

    return feed


def markup() -> Feed:
    signs = ("**bold**", "*it*", "`code`", "~~gone~~", "[a](https://b.c)", "- one\n- two", "> said", "1. a")
    known = (*messages(), *signs)

    def feed(draw: Mutator) -> None:
        text = draw.text(known)
        reader = draw.pick((formatted, _slack_words, _discord_words))
        words = reader(text)
        shown = plain(words)
        hidden, tree = masked(words, shown, mask)
        assert not tree or fitting(tree, hidden) == tree
        assert HIDDEN in hidden or hidden == shown or "~" in shown

    return feed


def _slack_words(text: str) -> Any:
    return mrkdwn_words(text, {})


def _discord_words(text: str) -> Any:
    return markdown_words(text, {})


def reader() -> Feed:
    flows = [each.read_text() for each in files("flows.library").iterdir() if each.name.endswith(".yaml")]
    lamp = (HERE / "lamp.yaml").read_text()

    def feed(draw: Mutator) -> None:
        text = str(draw.pick(flows)) if draw.numbers.random() < 0.01 else lamp
        lines = text.split("\n")
        for _ in range(draw.numbers.randrange(1, 5)):
            at = draw.numbers.randrange(len(lines))
            lines[at] = draw.changed(lines[at]) if draw.numbers.random() < 0.7 else draw.text(tuple(lines))
        found = read(draw.bytes("\n".join(lines)), "lamp.yaml")
        assert found.flow is not None or found.errors

    return feed


IDS: Final = (
    "05n23tfww7gvg4s74o:3:fixed", "05n23tfww7gvg4s74o:0:=person", "t:claim:05n23tfww7gvg4s74o:", "slack:T1:U1",
    "discord:7", "slack|T1|C1|1700000000.000001|", "discord|10|20|21|", "web||c|", "start:lamp", "offer:",
    "mine:", "=", "!resolve", "!note x", "!canned hello", "fixed it", "still failing", "human please",
    "go back",
)  # fmt: skip


CHOICES: Final = (("fixed", "Fixed it"), ("still-failing", "Still failing"), ("blank", "It's blank"))


def parsers() -> Feed:
    def feed(draw: Mutator) -> None:
        text = draw.text(IDS) if draw.numbers.random() < 0.5 else draw.changed(draw.pick(IDS))
        for parse in (Button.parse, Order.parse):
            found = parse(text)
            assert found is None or type(found).parse(str(found)) == found
        Address.parse(text)
        SlackPerson.of(text)
        DiscordPerson.of(text)
        read_slack_token(text)
        read_discord_token(text, draw.text(IDS))
        meant(text, ("hello",))
        understand(CHOICES, text, ticket=draw.numbers.random() < 0.5)

    return feed


def mails() -> Feed:
    known = messages()

    def feed(draw: Mutator) -> None:
        mail = Mail.model_validate(
            {
                "to": draw.pick(("ana@example.com", draw.text(("ana@example.com",)))),
                "number": 7,
                "title": draw.text(known),
                "product": draw.text(),
                "link": "https://help.example/go/x",
                "days": 7,
                "name": "1.2",
                "passages": (Passage(who=draw.text(known), words=formatted(draw.text(known))),),
            }
        )
        try:
            message = written(mail, "help@acme.example")
        except ValueError:
            return  # an address that is none
        read_back = email.message_from_bytes(bytes(message), policy=email.policy.default)
        for header in ("Subject", "To", "From", "Message-ID"):
            assert len(read_back.get_all(header, [])) == 1, header
        assert set(read_back.keys()) <= {*message.keys(), "MIME-Version", "Content-Type"}
        assert read_back.get_body(("html",)) is not None

    return feed


DOORS: Final = (
    door("masking", 40, masking),
    door("markup", 40, markup),
    door("reader", 15, reader),
    door("parsers", 150, parsers),
    door("mails", 4, mails),
)
