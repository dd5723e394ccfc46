"""Checks the elements of a block against Slack's limits, one line per limit."""

from collections.abc import Iterator
from typing import Any, Final

from tests.fakes.slack.shapes import (
    Check,
    any_of,
    anything,
    boolean,
    both,
    link,
    listed,
    not_both,
    number,
    picture,
    plain,
    shape,
    string,
    text,
    typed,
    word,
    wrong,
)

ID: Final = string(255)
ACTION: Final[dict[str, Check]] = {"action_id": ID}

CONFIRM: Final = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": word("primary", "danger")},
)
OPTION: Final = shape(
    {"text": text(75), "value": string(150)},
    {"description": text(75), "url": link},
)
GROUP: Final = shape({"label": plain(75), "options": listed(OPTION, 1, 100)})
ASKED: Final[dict[str, Check]] = {
    **ACTION,
    "confirm": CONFIRM,
    "placeholder": plain(150),
    "focus_on_load": boolean,
}


def _known(value: Any, at: str) -> Iterator[str]:
    """Check that the initial choice is one of the options."""
    options = [*(value.get("options") or [])]
    for group in value.get("option_groups") or []:
        options += group.get("options") or []
    chosen = value.get("initial_options") or [value.get("initial_option")]
    for one in chosen:
        if one is not None and one not in options:
            yield wrong("initial option is not among the options", at)


def _select(many: bool, **more: Check) -> Check:
    chosen: dict[str, Check] = {"max_selected_items": number(1, 100)} if many else {}
    return shape({}, {**ASKED, **chosen, **more})


def _static(many: bool) -> Check:
    initial: dict[str, Check] = (
        {"initial_options": listed(OPTION, 1, 100)} if many else {"initial_option": OPTION}
    )
    options = {"options": listed(OPTION, 1, 100), "option_groups": listed(GROUP, 1, 100)}
    return both(
        _select(many, **options, **initial),
        any_of("options", "option_groups"),
        not_both("options", "option_groups"),
        _known,
    )


def _few(**initial: Check) -> Check:
    rules = {**ACTION, "confirm": CONFIRM, "focus_on_load": boolean, **initial}
    return both(shape({"options": listed(OPTION, 1, 10)}, rules), _known)


def _typed_in(**more: Check) -> Check:
    rules: dict[str, Check] = {**ACTION, "placeholder": plain(150), "focus_on_load": boolean}
    return shape({}, {**rules, "dispatch_action_config": anything, "initial_value": string(3000, 0), **more})


IMAGE: Final = both(
    shape(
        {"alt_text": string(2000)},
        {"image_url": picture, "slack_file": both(shape({}, {"id": ID, "url": link}), any_of("id", "url"))},
    ),
    any_of("image_url", "slack_file"),
    not_both("image_url", "slack_file"),
)
BUTTON: Final = shape(
    {"text": plain(75)},
    {
        **ACTION,
        "url": link,
        "value": string(2000),
        "style": word("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
        "visible_to_user_ids": listed(string(32), 1, 10),
    },
)
SELECTS: Final[dict[str, Check]] = {
    "static_select": _static(many=False),
    "multi_static_select": _static(many=True),
    "external_select": _select(many=False, initial_option=OPTION, min_query_length=number(0, 100)),
    "users_select": _select(many=False, initial_user=ID),
    "multi_users_select": _select(many=True, initial_users=listed(ID, 0, 100)),
    "conversations_select": _select(
        many=False,
        initial_conversation=ID,
        default_to_current_conversation=boolean,
        filter=anything,
        response_url_enabled=boolean,
    ),
    "channels_select": _select(many=False, initial_channel=ID, response_url_enabled=boolean),
    "multi_external_select": _select(
        many=True, initial_options=listed(OPTION, 1, 100), min_query_length=number(0, 100)
    ),
    "multi_conversations_select": _select(
        many=True,
        initial_conversations=listed(ID, 0, 100),
        default_to_current_conversation=boolean,
        filter=anything,
    ),
    "multi_channels_select": _select(many=True, initial_channels=listed(ID, 0, 100)),
}
CHOOSING: Final[dict[str, Check]] = {
    **SELECTS,
    "radio_buttons": _few(initial_option=OPTION),
    "checkboxes": _few(initial_options=listed(OPTION, 1, 10)),
    "datepicker": _select(many=False, initial_date=string(10)),
    "timepicker": _select(many=False, initial_time=string(5), timezone=string(64)),
}
MOMENT: Final = shape(
    {}, {**ACTION, "confirm": CONFIRM, "focus_on_load": boolean, "initial_date_time": anything}
)
ACTING: Final[dict[str, Check]] = {
    **CHOOSING,
    "button": BUTTON,
    "datetimepicker": MOMENT,
    "overflow": shape({"options": listed(OPTION, 1, 5)}, {**ACTION, "confirm": CONFIRM}),
}
"""The elements that an actions block may contain."""

BESIDE: Final[dict[str, Check]] = {
    **{kind: check for kind, check in ACTING.items() if kind != "datetimepicker"},
    "image": IMAGE,
}
"""The elements that may accompany a section's text."""

ASKING: Final[dict[str, Check]] = {
    **CHOOSING,
    "datetimepicker": MOMENT,
    "plain_text_input": _typed_in(multiline=boolean, min_length=number(0, 3000), max_length=number(1, 3000)),
    "email_text_input": _typed_in(),
    "url_text_input": _typed_in(),
    "number_input": _typed_in(is_decimal_allowed=boolean, min_value=string(64), max_value=string(64)),
    "rich_text_input": _typed_in(initial_value=anything, min_lines=number(1, 100), max_lines=number(1, 100)),
    "file_input": shape({}, {**ACTION, "filetypes": listed(string(20), 1, 100), "max_files": number(1, 10)}),
}
"""The elements that an input block may contain."""

WRITTEN: Final = typed({"mrkdwn": text(3000), "plain_text": text(3000), "image": IMAGE})
"""The elements that a context block may contain."""
