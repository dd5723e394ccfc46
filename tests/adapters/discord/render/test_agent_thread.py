"""Tests that Discord accepts what agents see in their thread, and that people's text pings no one."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.render.agent_forms import agent_form
from adapters.discord.render.agent_thread import everything, heading, hint, line_of, root
from adapters.discord.render.card import Message
from adapters.discord.render.effect_tag import marked
from adapters.discord.render.packet import packet
from flows.conversation import Conversation, Status
from flows.events import File
from flows.orders import Order
from flows.prompts import prompt
from flows.views.dossier import Dossier, Line
from flows.views.quotes import verbatim
from flows.views.screen import Screen
from flows.views.trail import Tried
from tests.fakes.agent_forms import every_form
from tests.fakes.discord.components import check_components
from tests.fakes.discord.modals import check_modal
from tests.fakes.flows import lamp

HERE = "05n23tfww7gvg4s74o"
ROLE = "1234567890123456789"
NASTY = "@everyone <@&1> <@2> **bold** `code` <https://x.example|y> & \u202e"
PINGS = re.compile(r"<@[!&]?\d|@everyone|@here")


def known(*lines: Line, tried: int = 0, text: str = NASTY, **fields: Any) -> Dossier:
    """A conversation of somebody with that name, in a guide of that title, with that many steps tried."""
    usual = {
        "id": HERE,
        "name": text,
        "ticket": 71,
        "ticket_at": 1000,
        "thread_effect": "p",
        "contact": "discord:1",
    }
    flow = lamp()
    where = {"flow": flow.id, "revision": flow.revision, "step": "plug", "customer": "discord|9|8|7|1"}
    at = Conversation.model_validate({**usual, **where, **fields})
    rows = tuple(
        Tried(step=f"s{n}", title=f"{n} {text}", answer=text, by=text, at=1000 * n) for n in range(tried)
    )
    shown = Screen(conversation=at, title=text, prompt=prompt(flow, at, {}), tried=rows)
    return Dossier(screen=shown, lines=lines)


def said(text: str, kind: Any = "said", **more: Any) -> Line:
    words = verbatim(text) if text else ()
    return Line(version=3, kind=kind, who=text[:80], actor="discord:1", words=words, **more)


def judged(drawn: Message) -> None:
    """Discord takes it, and nothing in it means somebody."""
    parts = list(marked(drawn, "effect").components)
    check_components(parts, drawn.flags, set())
    assert not PINGS.search(str([_unfenced(part) for part in _texts(parts)]))


def _texts(parts: list[dict[str, Any]]) -> list[str]:
    return [
        text
        for part in parts
        for text in (str(part.get("content") or ""), *_texts(part.get("components") or []))
    ]


def _unfenced(text: str) -> str:
    """Without what stands in a code block, where nothing means anything."""
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)


def test_a_sentence_of_nothing_but_blanks_is_one_that_discord_takes() -> None:
    judged(hint("\n"))


@given(
    st.text(max_size=5000),
    st.integers(0, 40),
    st.sampled_from(Status),
    st.sampled_from(["said", "reply", "note", "act", "answer"]),
)
def test_whatever_people_wrote_discord_takes_it(text: str, tried: int, status: Status, kind: str) -> None:
    files = tuple(File(id=str(n), name=text[:200]) for n in range(10))
    line = said(text, kind, files=files)
    told = known(line, said(NASTY * 40), tried=tried, text=text[:300], status=status)
    for drawn in (
        root(told, "p"),
        root(told, "older"),
        packet(told, typed=True, path="https://help.example/desk/c/x/path"),
        line_of(line, told.conversation),
    ):
        judged(drawn)
    judged(hint(text, [Order(verb="take", conversation=HERE)], everything(told.conversation)))
    assert 1 <= len(heading(told)) <= 100


@pytest.mark.parametrize("text", ["He broke it himself", "x" * 5000])
def test_an_internal_note_stands_apart_from_the_resolution(text: str) -> None:
    entry = said("resolved this: new bulb", "act", note=verbatim(text))
    drawn = line_of(entry, known().conversation)
    judged(drawn)
    first, lead, note = "".join(_texts(list(drawn.components))).split("\n", 2)
    assert first.endswith("resolved this: new bulb")
    assert lead == "-# 🔒 Internal note:"
    assert note[:20] == text[:20]


def test_the_head_pings_the_role_and_the_next_one_does_not() -> None:
    told = known(text="Ana", status=Status.WAITING)
    assert f"<@&{ROLE}>" in str(root(told, "p", (ROLE,)).components)
    assert "<@&" not in str(root(told, "p").components)
    assert "<@" not in str(root(told, "p", "@everyone").components)


def test_the_packet_leads_to_the_path_on_the_desk_where_that_has_an_address() -> None:
    path = "https://help.example/desk/c/x/path"
    drawn = packet(known(tried=40, text="Ana"), typed=True, path=path)
    judged(drawn)
    assert f"]({path})" in str(drawn.components)
    for nowhere in ("", "javascript:alert(1)"):
        assert "Replay" not in str(packet(known(text="Ana"), typed=True, path=nowhere).components)


def test_it_waits_since_an_agent_last_did_something() -> None:
    assert known(status=Status.WAITING).waiting_since == 1000
    assert known(said("a", "note", at=5000), said("b", at=9000), status=Status.WAITING).waiting_since == 5000


@given(st.text(max_size=200), st.integers(1, 60))
def test_every_form_is_one_that_discord_opens(text: str, steps: int) -> None:
    for form in every_form(text, steps)[:-1]:  # the last one follows another form, which Discord has not
        check_modal(agent_form(form))
