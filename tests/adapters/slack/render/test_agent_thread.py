"""Tests that Slack accepts what agents see in their thread, and that people's text alerts no one."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.render.agent_forms import agent_form
from adapters.slack.render.agent_thread import line_of, root, to_customer
from adapters.slack.render.card import Message
from adapters.slack.render.packet import packet
from bot.ports import Delivery
from flows.agent_forms import FORMS
from flows.conversation import Address, Status
from flows.effects import Packet
from flows.events import File
from flows.prompts import prompt
from flows.views.dossier import CustomerReply, Dossier, Line
from flows.views.quotes import verbatim
from flows.views.screen import Screen
from flows.views.trail import Tried
from tests.adapters.slack.support.prompts import flow
from tests.adapters.slack.support.schema_check import conversation, units
from tests.fakes.agent_forms import every_form
from tests.fakes.slack.surfaces import faults_of_a_message, faults_of_a_view

URL = "https://lamps.slack.com/"
NASTY = "<!channel> <@U1> *bold* `code` <https://x.example|y> & \u202e"


def said(text: str = "it is dark", kind: Any = "said", **more: Any) -> Line:
    words = verbatim(text) if text else ()
    return Line(version=3, kind=kind, who="ana", actor="slack:T1:U1", words=words, **more)


def dossier(*lines: Line, tried: int = 0, **fields: Any) -> Dossier:
    at = conversation(flow(), name="ana", ticket=71, ticket_at=1000, thread_effect="p", **fields)
    rows = tuple(
        Tried(step=f"s{n}", title=f"Step {n} {NASTY}", answer="Still failing", by="", at=1000 * n)
        for n in range(tried)
    )
    shown = Screen(conversation=at, title="The lamp", prompt=prompt(flow(), at, {}), tried=rows)
    return Dossier(screen=shown, lines=lines)


def packed(told: Dossier, ping: str = "", path: str = "") -> Message:
    effect = Packet(id="p")
    address = Address(channel="slack", room="C9")
    delivery = Delivery(
        effect=effect, conversation=told.conversation, address=address, dossier=told, ping=ping
    )
    return packet(delivery.model_copy(update={"path": path}), URL)


def judged(drawn: Message) -> None:
    """Slack takes it, and nothing in it but a ping of ours is markup."""
    blocks = json.loads(json.dumps(list(drawn.blocks)))
    assert faults_of_a_message(blocks) == []
    assert 0 < len(drawn.text) <= 4000
    quiet = [block for block in blocks if block["type"] != "actions"]
    assert units(json.dumps(quiet, ensure_ascii=False)) <= 12_500
    assert '"mrkdwn"' not in json.dumps(blocks)
    assert "<" not in drawn.text


def test_the_packet_leads_to_the_path_on_the_desk_where_that_has_an_address() -> None:
    drawn = packed(dossier(), path="https://help.example/desk/c/x/path")
    judged(drawn)
    links = [part for part in json.dumps(list(drawn.blocks)).split('"') if part.endswith("/path")]
    assert links == ["https://help.example/desk/c/x/path"]
    for nowhere in ("", "javascript:alert(1)", "http://127.0.0.1:8000/desk/c/x/path"):
        assert "Replay" not in json.dumps(list(packed(dossier(), path=nowhere).blocks))


@pytest.mark.parametrize("status", Status)
def test_the_head_is_one_line_that_can_be_scanned(status: Status) -> None:
    for held in ("max", NASTY):
        drawn = root(dossier(status=status, holder="slack:T1:U9", holder_name=held), "p")
        judged(drawn)
        assert "\n" not in drawn.text


def test_the_head_of_a_thread_that_was_left_says_where_it_went() -> None:
    assert "Moved to" in root(dossier(status=Status.WAITING, team="safety"), "before").text


def test_it_waits_since_an_agent_last_did_something() -> None:
    told = dossier(said(at=5000), said("hm", kind="note", at=3000), status=Status.WAITING)
    assert told.waiting_since == 3000


@pytest.mark.parametrize(("rows", "length"), [(0, 0), (3, 50), (40, 3000), (400, 40_000)])
def test_the_packet_fits_whatever_there_is_to_know(rows: int, length: int) -> None:
    told = dossier(said((NASTY + "\n") * (length // 40)), tried=rows, observations={"since": NASTY * 50})
    drawn = packed(told)
    judged(drawn)
    assert "Step 0" in str(drawn.blocks) or rows != 3


def test_the_packet_alerts_whom_the_operator_named_and_nobody_else() -> None:
    told = dossier(said(NASTY))
    assert packed(told, "S0TEAM").text.startswith("<!subteam^S0TEAM> ")
    assert packed(told, "U0KIM").text.startswith("<@U0KIM> ")
    assert "<" not in packed(told, "123456789012345678").text


@given(st.text(max_size=200), st.sampled_from(["said", "reply", "note", "act", "answer"]))
def test_a_line_is_shown_as_it_was_written(text: str, kind: str) -> None:
    judged(line_of(said(text, kind=kind), conversation(flow()), URL))
    judged(to_customer(CustomerReply(who="Max", actor="slack:T1:U9", words=verbatim(text)), URL))


@pytest.mark.parametrize("text", ["x" * 40_000, "\n" * 3000 + "x", "🙂" * 9000, "a\n" * 9000])
def test_a_very_long_line_is_cut_and_says_so(text: str) -> None:
    judged(line_of(said(text), conversation(flow()), URL))


@pytest.mark.parametrize("text", ["He broke it *himself*", "x" * 20_000])
def test_an_internal_note_stands_apart_from_the_resolution(text: str) -> None:
    entry = said("resolved this: new bulb", kind="act", note=verbatim(text))
    drawn = line_of(entry, conversation(flow()), URL)
    judged(drawn)
    first, lead, *note = map(json.dumps, drawn.blocks)
    assert "resolved this: new bulb" in first
    assert "Internal note:" in lead
    assert text[:1000] in "".join(note)
    assert text[:20] not in first
    assert f" · 🔒 Internal note: {text[:1000]}" in drawn.text


def test_files_are_named_with_the_way_to_them() -> None:
    drawn = line_of(said("", files=(File(id="F1", name="a b.png"),)), conversation(flow()), URL)
    judged(drawn)
    assert "https://lamps.slack.com/files/U1/F1/a%20b.png" in str(drawn.blocks)


@pytest.mark.parametrize("count", [1, 3, 300])
def test_every_form_is_one_that_slack_takes(count: int) -> None:
    forms = [agent_form(form) for form in every_form(NASTY, count)]
    assert len(forms) == len(FORMS) + 2
    assert [faults_of_a_view(form, "modal") for form in forms] == [[]] * len(forms)


def test_the_option_that_is_offered_first_is_among_those_shown() -> None:
    [back] = [form for form in every_form("", 300) if form.order.verb == "back"]
    chosen = agent_form(back)["blocks"][1]["element"]["initial_option"]
    assert chosen["value"] == "s299"
