"""Tests one message with every kind of formatting, from each platform to each other: the reading is always the same."""

import re
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from html import unescape
from io import StringIO
from types import MappingProxyType
from typing import Any, Final

import pytest
from rich.console import Console

from adapters.discord.inbound import parse as discord_parse
from adapters.discord.inbound.markdown_words import markdown_words
from adapters.discord.render.markdown import markdown
from adapters.mail.customers import written
from adapters.slack.inbound import parse as slack_parse
from adapters.slack.inbound.events import Written
from adapters.slack.inbound.rich_text import rich_text as read_rich_text
from adapters.slack.render.rich_text import rich_text
from adapters.terminal.markup import blocks
from adapters.web.page.markup import html
from bot.ports import Mail, Passage
from flows.text.markup.words import Words, plain
from tests.adapters.slack.support.deliveries import BOT, message
from tests.fakes.slack.composer import rich
from tests.fakes.words import letters

IN_SLACK: Final = """*Bold* and _italic_ and ~old~ and `code x*y` for <@U2ANA> in <#C9HELP> 👋
see <https://lamps.example/reset|the page>, <!here> by <!date^1618953630^{date}|April 20, 2021, 21:20 UTC>
1. Plug it in
    • the *red* one
2. Press
> it hums
```a < b && c
  d```
:party: <!subteam^S1HELP>"""

IN_DISCORD: Final = """**Bold** and _italic_ and ~~old~~ and `code x*y` for <@2> in <#9> 👋
see [the page](https://lamps.example/reset), @here by <t:1618953630:f>
1. Plug it in
  - the **red** one
2. Press
> it hums
```txt
a < b && c
  d```
<:party:77> <@&1>"""

READ: Final = """Bold and italic and old and code x*y for @Ana in #help 👋
see the page, @here by April 20, 2021, 21:20 UTC
Plug it in
the red one
Press
it hums
a < b && c
  d
:party: @helpers"""

CODES: Final = re.compile(r"<[@#!:t]|\*\*|~~|```|&lt;|\\|:wave:|\|\|")


def from_slack() -> tuple[str, Words]:
    told = message(IN_SLACK.replace("👋", ":wave:"), blocks=rich(IN_SLACK.replace("👋", ":wave:")))
    names = {"U2ANA": "Ana", "C9HELP": "help", "S1HELP": "helpers"}
    said = slack_parse.event(told, BOT, names=names)
    assert isinstance(said, Written)
    return said.text, said.styled


def from_discord() -> tuple[str, Words]:
    ana = {"id": "2", "username": "ana", "global_name": "Ana"}
    data = {"id": "5", "channel_id": "6", "author": {"id": "3", "username": "ben"}, "content": IN_DISCORD}
    said = discord_parse.written(data | {"mentions": [ana]}, "1", "", {"9": "help", "1": "helpers"})
    assert said is not None
    return said.text, said.styled


def in_slack(words: Words) -> str:
    read = read_rich_text(list(rich_text(words)), {})
    assert read is not None
    return seen(read)


def in_discord(words: Words) -> str:
    return seen(markdown_words(markdown(words), {}))


def on_the_page(words: Words) -> str:
    return unescape(re.sub(r"<[^>]*>", "", str(html(words))))


def mailed(words: Words) -> EmailMessage:
    passage = Passage(who="Max", words=words)
    about: dict[str, Any] = {"to": "ana@acme.example", "name": "r.1", "number": 7, "title": "Lamp", "days": 7}
    return written(Mail(**about, passages=(passage,), link="https://a.example/c"), "help@acme.example")


def in_mail(words: Words) -> str:
    page = str(mailed(words).get_payload(1).get_content())  # type: ignore[union-attr]  # the second part is HTML
    body = page[page.index("wrote:") + 6 : page.index("View and reply")]
    return unescape(re.sub(r"<[^>]*>", "", body))


def in_a_terminal(words: Words) -> str:
    console = Console(width=200, file=StringIO())
    with console.capture() as shown:
        console.print(blocks(words))
    without_marks = re.sub(r"(?m)^ *(?:\d+\.|-|>) ", "", shown.get())
    return re.sub(r"(?m)^ *- ", "", without_marks).replace("(https://lamps.example/reset)", "")


def seen(words: Words) -> str:
    return "".join(one.letter for one in letters(words))


FROM: Final[Mapping[str, Callable[[], tuple[str, Words]]]] = MappingProxyType(
    {"Slack": from_slack, "Discord": from_discord}
)
TO: Final[Mapping[str, Callable[[Words], str]]] = MappingProxyType(
    {
        "Slack": in_slack,
        "Discord": in_discord,
        "the page": on_the_page,
        "mail": in_mail,
        "a terminal": in_a_terminal,
    }
)


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("there", TO)
@pytest.mark.parametrize("here", FROM)
def test_words_from_one_platform_are_the_same_on_another(here: str, there: str) -> None:
    text, styled = FROM[here]()
    assert plain(styled) == text
    assert squeezed(TO[there](styled)) == squeezed(READ)


@pytest.mark.row("slack", "A message has formatting that the other side can't show")
@pytest.mark.parametrize("here", FROM)
def test_the_plain_text_has_no_codes(here: str) -> None:
    text, _ = FROM[here]()
    assert not CODES.search(text), text
    assert "1. Plug it in\n   - the red one\n2. Press" in text
    assert "\n> it hums\n" in text
    assert "the page (https://lamps.example/reset)" in text


def test_both_platforms_words_have_the_same_formatting() -> None:
    assert letters(from_slack()[1]) == letters(from_discord()[1])


def test_a_mail_has_the_words_as_plain_text_too() -> None:
    _, styled = from_slack()
    body: Any = mailed(styled).get_payload(0)
    assert "> 1. Plug it in\n>    - the red one" in body.get_content().replace("\r\n", "\n")
