"""Tests the conversion of Slack's text to what a person typed: formatting, escapes, and the bot's own name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.inbound.mrkdwn import addressed, mentions, typed
from tests.fakes.slack.payloads import escaped


@pytest.mark.parametrize(
    ("slacks", "persons"),
    [
        ("a &lt; b &amp;&amp; b &gt; c", "a < b && b > c"),
        ("&amp;lt; stays what it was", "&lt; stays what it was"),
        ("ask <@U1|ana> or <@U2>", "ask @ana or @someone"),
        ("in <#C1|help> or <#C2|> or <#C3>", "in #help or #channel or #channel"),
        ("<!channel> <!here|here> <!subteam^S1|@agents>", "@channel here @agents"),
        ("<!subteam^S1> <!date^1392734382^{date}|18 Feb>", "@group 18 Feb"),
        ("see <https://lamps.example/?a=1&amp;b=2>", "see https://lamps.example/?a=1&b=2"),
        ("<https://evil.example|https://bank.example>", "https://evil.example"),
        ("<mailto:ana@acme.example|ana@acme.example>", "ana@acme.example"),
        ("<tel:5550100|555 0100>", "5550100"),
        ("  blanks around\n", "blanks around"),
        ("no < mark > here", "no < mark > here"),
        ("if <power> then", "if <power> then"),
        ("<>", "<>"),
        ("", ""),
    ],
)
def test_what_slack_marks_is_read_as_a_person_sees_it(slacks: str, persons: str) -> None:
    assert typed(slacks) == persons


@given(st.text(alphabet="ab <>&;lt@#!|^\n"))
def test_whatever_is_typed_comes_back_as_it_was_typed(text: str) -> None:
    """The stand-in escapes as Slack does; what looks like a mark there is one, and is left out here."""
    if "<@" not in text and "<#" not in text and "<!" not in text:
        assert typed(escaped(text)) == text.strip()


@pytest.mark.parametrize("text", ["<@U0BOT> hello", "hello <@U0BOT|bot>", "<@U0BOT>"])
def test_a_mention_is_found_with_a_label_or_without(text: str) -> None:
    assert mentions(text, "U0BOT")
    assert addressed(text, "U0BOT").strip() in ("hello", "")


def test_only_the_bots_own_name_is_taken_out_with_what_follows_it() -> None:
    assert addressed("<@U0BOT>: ask <@U1>", "U0BOT").split() == ["ask", "<@U1>"]
    assert addressed("<@U0BOT> ask", "") == "<@U0BOT> ask"
    assert not mentions("<@U0BOTTOM> &lt;@U0BOT&gt;", "U0BOT")
    assert not mentions("<@U0BOT>", "")
