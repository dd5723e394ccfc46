"""Tests that the stand-in refuses messages and views above Slack's limits, and accepts those just below."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from tests.fakes.slack.surfaces import faults_of_a_message, faults_of_a_view

Json = dict[str, Any]


def plain(size: int = 3) -> Json:
    return {"type": "plain_text", "text": "x" * size}


def mrkdwn(size: int = 3) -> Json:
    return {"type": "mrkdwn", "text": "x" * size}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain(), **more}


def option(**more: Any) -> Json:
    return {"text": plain(), "value": "v", **more}


def options(count: int) -> list[Json]:
    return [option(value=str(number)) for number in range(count)]


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def section(**more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(), **more}


def asking(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain(), "element": element, **more}


def confirm(**more: Any) -> Json:
    texts = {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain()}
    return actions(button(confirm={**texts, **more}))


def url(size: int) -> str:
    return "https://pictures.example/".ljust(size, "x")


def image(**more: Any) -> Json:
    return {"type": "image", "image_url": url(40), "alt_text": "a lamp", **more}


def selects(kind: str = "static_select", **more: Any) -> Json:
    return actions({"type": kind, **more})


Sized = Callable[[int], Json]
SIZES: Final[list[tuple[str, Sized, int, str]]] = [
    ("block_id", lambda n: section(block_id="x" * n), 255, "/block_id"),
    ("action_id", lambda n: actions(button(action_id="x" * n)), 255, "/action_id"),
    ("button text", lambda n: actions(button(text=plain(n))), 75, "/elements/0/text/text"),
    ("button value", lambda n: actions(button(value="x" * n)), 2000, "/value"),
    ("button url", lambda n: actions(button(url=url(n))), 3000, "/url"),
    ("button label for readers", lambda n: actions(button(accessibility_label="x" * n)), 75, "_label"),
    ("actions", lambda n: actions(*[button() for _ in range(n)]), 25, "/elements"),
    ("section text", lambda n: section(text=mrkdwn(n)), 3000, "/text/text"),
    ("fields", lambda n: section(fields=[plain() for _ in range(n)]), 10, "/fields"),
    ("field text", lambda n: section(fields=[plain(n)]), 2000, "/fields/0/text"),
    ("header", lambda n: {"type": "header", "text": plain(n)}, 150, "/text/text"),
    ("context", lambda n: {"type": "context", "elements": [plain() for _ in range(n)]}, 10, "/elements"),
    ("context text", lambda n: {"type": "context", "elements": [mrkdwn(n)]}, 3000, "/elements/0/text"),
    ("markdown", lambda n: {"type": "markdown", "text": "x" * n}, 12_000, "/text"),
    ("image alt", lambda n: image(alt_text="x" * n), 2000, "/alt_text"),
    ("image title", lambda n: image(title=plain(n)), 2000, "/title/text"),
    ("image url", lambda n: image(image_url=url(n)), 3000, "/image_url"),
    ("option text", lambda n: selects(options=[option(text=plain(n))]), 75, "/options/0/text/text"),
    ("option value", lambda n: selects(options=[option(value="x" * n)]), 150, "/options/0/value"),
    (
        "option description",
        lambda n: selects(options=[option(description=plain(n))]),
        75,
        "/description/text",
    ),
    ("select", lambda n: selects(options=options(n)), 100, "/options"),
    ("placeholder", lambda n: selects(options=options(1), placeholder=plain(n)), 150, "/placeholder/text"),
    ("overflow", lambda n: selects("overflow", options=options(n)), 5, "/options"),
    ("radio", lambda n: selects("radio_buttons", options=options(n)), 10, "/options"),
    ("checkboxes", lambda n: selects("checkboxes", options=options(n)), 10, "/options"),
    ("confirm title", lambda n: confirm(title=plain(n)), 100, "/confirm/title/text"),
    ("confirm text", lambda n: confirm(text=plain(n)), 300, "/confirm/text/text"),
    ("confirm yes", lambda n: confirm(confirm=plain(n)), 30, "/confirm/confirm/text"),
    ("confirm no", lambda n: confirm(deny=plain(n)), 30, "/confirm/deny/text"),
    ("input label", lambda n: asking({"type": "plain_text_input"}, label=plain(n)), 2000, "/label/text"),
    ("input hint", lambda n: asking({"type": "plain_text_input"}, hint=plain(n)), 2000, "/hint/text"),
    ("card title", lambda n: {"type": "card", "title": plain(n)}, 150, "/title/text"),
    ("card body", lambda n: {"type": "card", "body": plain(n)}, 200, "/body/text"),
    (
        "carousel",
        lambda n: {"type": "carousel", "elements": [{"type": "card", "title": plain()} for _ in range(n)]},
        10,
        "/elements",
    ),
    (
        "container title",
        lambda n: {"type": "container", "title": plain(n), "child_blocks": [section()]},
        150,
        "/title/text",
    ),
    (
        "container",
        lambda n: {"type": "container", "title": plain(), "child_blocks": [section() for _ in range(n)]},
        10,
        "/child_blocks",
    ),
    (
        "table",
        lambda n: {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * n},
        100,
        "/rows",
    ),
]


@pytest.mark.parametrize(
    ("made", "most", "where"), [case[1:] for case in SIZES], ids=[case[0] for case in SIZES]
)
def test_a_message_is_taken_up_to_the_limit_and_refused_over_it(made: Sized, most: int, where: str) -> None:
    assert faults_of_a_message([made(most)]) == []
    found = faults_of_a_message([made(most + 1)])
    assert len(found) == 1
    assert where in found[0]
    assert found[0].startswith("[ERROR] ")


WRONG: Final[dict[str, list[Json]]] = {
    "51 blocks": [section()] * 51,
    "the same block_id twice": [section(block_id="a"), section(block_id="a")],
    "the same action_id twice": [actions(button(action_id="a"), button(action_id="a"))],
    "an empty actions block": [actions()],
    "an empty context": [{"type": "context", "elements": []}],
    "an empty text": [section(text=mrkdwn(0))],
    "a section of nothing": [{"type": "section"}],
    "an overflow of nothing": [selects("overflow", options=[])],
    "a select of nothing": [selects()],
    "a select of options and groups": [
        selects(options=options(1), option_groups=[{"label": plain(), "options": options(1)}])
    ],
    "a choice that is no option": [selects(options=options(1), initial_option=option(value="other"))],
    "an unknown block": [{"type": "banner", "text": plain()}],
    "an unknown element": [actions({"type": "lever"})],
    "a block without a type": [{"text": plain()}],
    "a type that is no word": [{"type": ["section"]}],
    "an unknown field": [section(colour="red")],
    "a header of mrkdwn": [{"type": "header", "text": mrkdwn()}],
    "a button of mrkdwn": [actions(button(text=mrkdwn()))],
    "an unknown style": [actions(button(style="warning"))],
    "an image of nothing": [{"type": "image", "alt_text": "a lamp"}],
    "an image without words": [{"type": "image", "image_url": url(40)}],
    "a picture of this machine": [image(image_url="https://127.0.0.1/lamp.png")],
    "a picture over http": [image(image_url="http://pictures.example/lamp.png")],
    "two pictures in one": [image(slack_file={"id": "F1"})],
    "an alert": [{"type": "alert", "text": plain()}],
    "a file input": [asking({"type": "file_input"})],
    "a picture among buttons": [actions(image())],
    "a divider in words": [{"type": "divider", "text": plain()}],
    "two tables": [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}] * 2,
    "much markdown": [{"type": "markdown", "text": "x" * 7000}] * 2,
    "an empty run of rich text": [
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": ""}]}],
        }
    ],
    "an unknown task status": [{"type": "task_card", "task_id": "1", "title": "Plug", "status": "done"}],
}


@pytest.mark.parametrize("blocks", WRONG.values(), ids=WRONG.keys())
def test_a_message_that_slack_would_not_take_is_refused_with_where_it_is_wrong(blocks: list[Json]) -> None:
    found = faults_of_a_message(blocks)
    assert found
    assert all("[json-pointer:/blocks" in line for line in found)


def modal(**more: Any) -> Json:
    return {"type": "modal", "title": plain(), "blocks": [section()], **more}


VIEWS: Final[list[tuple[str, Sized, int]]] = [
    ("title", lambda n: modal(title=plain(n)), 24),
    ("submit", lambda n: modal(submit=plain(n)), 24),
    ("close", lambda n: modal(close=plain(n)), 24),
    ("private_metadata", lambda n: modal(private_metadata="x" * n), 3000),
    ("callback_id", lambda n: modal(callback_id="x" * n), 255),
    ("blocks", lambda n: modal(blocks=[section()] * n), 100),
    ("alert", lambda n: modal(blocks=[{"type": "alert", "text": plain(n)}]), 200),
    (
        "files",
        lambda n: modal(submit=plain(), blocks=[asking({"type": "file_input", "max_files": n})]),
        10,
    ),
    (
        "placeholder",
        lambda n: modal(
            submit=plain(), blocks=[asking({"type": "plain_text_input", "placeholder": plain(n)})]
        ),
        150,
    ),
]


@pytest.mark.parametrize(("made", "most"), [case[1:] for case in VIEWS], ids=[case[0] for case in VIEWS])
def test_a_modal_is_taken_up_to_the_limit_and_refused_over_it(made: Sized, most: int) -> None:
    assert faults_of_a_view(made(most), "modal") == []
    assert len(faults_of_a_view(made(most + 1), "modal")) == 1


@pytest.mark.parametrize(
    ("kind", "view"),
    [
        ("modal", modal(blocks=[asking({"type": "plain_text_input"})])),
        ("modal", modal(title=mrkdwn())),
        ("modal", modal(blocks=[{"type": "markdown", "text": "x"}])),
        ("modal", {"type": "home", "blocks": []}),
        ("home", {"type": "home", "blocks": [section()] * 101}),
        ("home", {"type": "home", "blocks": [{"type": "alert", "text": plain()}]}),
        ("home", {"type": "home", "blocks": [asking({"type": "file_input"})]}),
        ("home", {"type": "home", "blocks": [section(block_id="a")] * 2}),
        ("home", {"type": "home", "blocks": [], "submit": plain()}),
        ("home", modal()),
    ],
)
def test_a_view_that_slack_would_not_take_is_refused(kind: str, view: Json) -> None:
    assert faults_of_a_view(view, kind)


def test_a_hundred_blocks_fit_on_a_home_tab() -> None:
    assert faults_of_a_view({"type": "home", "blocks": [section()] * 100}, "home") == []
