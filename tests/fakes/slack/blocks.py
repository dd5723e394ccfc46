"""Checks the blocks that Slack knows, with their limits and where each is allowed."""

from collections.abc import Iterator
from typing import Any, Final

from tests.fakes.slack.elements import ACTING, ACTION, ASKING, BESIDE, BUTTON, ID, IMAGE, WRITTEN
from tests.fakes.slack.shapes import (
    Check,
    any_of,
    anything,
    boolean,
    both,
    link,
    listed,
    number,
    picture,
    plain,
    shape,
    string,
    text,
    typed,
    word,
)

STYLE: Final = shape({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), boolean))
STYLED: Final[dict[str, Check]] = {"style": STYLE}
INLINE: Final = typed(
    {
        "text": shape({"text": string(40_000)}, STYLED),
        "link": shape({"url": link}, {**STYLED, "text": string(40_000), "unsafe": boolean}),
        "emoji": shape({"name": string(100)}, {**STYLED, "unicode": anything, "skin_tone": anything}),
        "user": shape({"user_id": ID}, STYLED),
        "team": shape({"team_id": ID}, STYLED),
        "usergroup": shape({"usergroup_id": ID}, STYLED),
        "channel": shape({"channel_id": ID}, STYLED),
        "broadcast": shape({"range": word("here", "channel", "everyone")}, STYLED),
        "date": shape({"timestamp": anything, "format": string(300)}, {"url": link, "fallback": string(300)}),
        "color": shape({"value": string(20)}),
    },
    "rich text",
)
RUN: Final = shape({"elements": listed(INLINE, 0, 10_000)})
BORDERED: Final = shape(
    {"elements": listed(INLINE, 0, 10_000)}, {"border": number(0, 1), "language": string(40)}
)
RICH: Final = typed(
    {
        "rich_text_section": RUN,
        "rich_text_quote": BORDERED,
        "rich_text_preformatted": BORDERED,
        "rich_text_list": shape(
            {
                "style": word("bullet", "ordered"),
                "elements": listed(typed({"rich_text_section": RUN}), 1, 1000),
            },
            {"indent": number(0, 8), "offset": number(0, 10_000), "border": number(0, 1)},
        ),
    },
    "rich text",
)


def block(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    return shape(required, {"block_id": ID, **(optional or {})})


def _image(value: Any, at: str) -> Iterator[str]:
    inner = {name: given for name, given in value.items() if name not in ("block_id", "title")}
    yield from block({"alt_text": anything}, dict.fromkeys(("image_url", "slack_file", "title"), anything))(
        value, at
    )
    yield from IMAGE(inner, at)
    if value.get("title") is not None:
        yield from plain(2000)(value["title"], f"{at}/title")


CELL: Final = typed(
    {
        "raw_text": shape({"text": string(10_000)}),
        "raw_number": shape({"value": anything}, {"text": string(10_000)}),
        "rich_text": shape({"elements": listed(RICH, 1, 100)}),
    }
)
TASK: Final = shape(
    {"task_id": ID, "title": string(255), "status": word("pending", "in_progress", "complete", "error")},
    {"block_id": ID, "details": anything, "output": anything, "sources": anything},
)
FEEDBACK: Final = shape(
    {"positive_button": anything, "negative_button": anything},
    ACTION,
)
ICON: Final = shape(
    {"icon": word("trash"), "text": plain(75)},
    {**ACTION, "value": string(2000), "confirm": anything, "accessibility_label": string(75)},
)

BLOCKS: Final[dict[str, Check]] = {
    "actions": block({"elements": listed(typed(ACTING), 1, 25)}),
    "context": block({"elements": listed(WRITTEN, 1, 10)}),
    "divider": block({}),
    "header": block({"text": plain(150)}, {"level": number(1, 4)}),
    "image": _image,
    "input": block(
        {"label": plain(2000), "element": typed(ASKING)},
        {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": block({"elements": listed(RICH, 1, 1000)}),
    "section": both(
        block(
            {},
            {
                "text": text(3000),
                "fields": listed(text(2000), 1, 10),
                "accessory": typed(BESIDE),
                "expand": boolean,
            },
        ),
        any_of("text", "fields"),
    ),
    "video": block(
        {"alt_text": string(2000), "title": plain(200), "thumbnail_url": picture, "video_url": picture},
        dict.fromkeys(
            ("title_url", "author_name", "provider_name", "provider_icon_url", "description"), anything
        ),
    ),
}
"""The blocks that are allowed everywhere."""

ONLY_IN_MESSAGES: Final[dict[str, Check]] = {
    "card": both(
        block(
            {},
            {
                "title": text(150),
                "subtitle": text(150),
                "body": text(200),
                "hero_image": IMAGE,
                "icon": IMAGE,
                "actions": listed(typed({"button": BUTTON}), 1, 5),
            },
        ),
        any_of("title", "body", "hero_image", "actions"),
    ),
    "context_actions": block(
        {"elements": listed(typed({"feedback_buttons": FEEDBACK, "icon_button": ICON}), 1, 5)}
    ),
    "markdown": block({"text": string(12_000)}),
    "plan": block({"title": string(255)}, {"tasks": listed(TASK, 1, 50)}),
    "table": block(
        {"rows": listed(listed(CELL, 1, 20), 1, 100)}, {"column_settings": listed(anything, 0, 20)}
    ),
    "task_card": TASK,
}
ONLY_IN_MODALS: Final[dict[str, Check]] = {
    "alert": block({"text": text(200)}, {"level": word("default", "info", "warning", "error", "success")}),
}
_CARDS: Final = typed({"card": ONLY_IN_MESSAGES["card"]}, "block")
_PARTS: Final = typed(
    {kind: BLOCKS[kind] for kind in ("actions", "context", "divider", "image", "rich_text", "section")}
)
NESTING: Final[dict[str, Check]] = {
    "carousel": block({"elements": listed(_CARDS, 1, 10)}),
    "container": block(
        {"child_blocks": listed(_PARTS, 1, 10)},
        {
            "title": plain(150),
            "rich_text_title": anything,
            "has_header_divider": boolean,
            "subtitle": plain(150),
            "icon": IMAGE,
            "width": word("narrow", "standard", "wide", "full"),
            "is_collapsible": boolean,
            "default_collapsed": boolean,
        },
    ),
}

IN_MESSAGES: Final = typed({**BLOCKS, **ONLY_IN_MESSAGES, **NESTING}, "block")
IN_MODALS: Final = typed({**BLOCKS, **ONLY_IN_MODALS}, "block")
IN_HOMES: Final = typed(BLOCKS, "block")
