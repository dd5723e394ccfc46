"""Tests that any payload from Slack is read or ignored, and no field is trusted to keep its type."""

import json
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.inbound import parse
from adapters.slack.inbound.events import Written
from tests.adapters.slack.support.deliveries import (
    BOT,
    Json,
    changed,
    click,
    message,
    pointed,
    slack,
    submission,
)
from tests.fakes.slack import payloads
from tests.fakes.slack.state import Channel, User

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.sampled_from(["\ud83d", "<@U0BOT>", "message", "app_mention", "C1", "nan", "x" * 50_000, "a|b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
SHAPES: list[tuple[Callable[[], Json], Callable[[Json, str], object]]] = [
    (message, parse.event),
    (lambda: message(subtype="file_share", files=[{"id": "F1", "name": "a"}], channel="D1"), parse.event),
    (changed, parse.event),
    (lambda: changed(after=None), parse.event),
    (click, parse.action),
    (lambda: click(selected_option={"value": "x"}), parse.action),
    (pointed, parse.shortcut),
    (
        lambda: submission({"reason": {"selected_option": {"value": "hosted"}}, "files": {"files": []}}),
        parse.view,
    ),
    (
        lambda: payloads.envelope(slack(), {"type": "app_home_opened", "user": "U1", "tab": "home"}, None),
        parse.event,
    ),
    (
        lambda: dict(payloads.command(slack(), User("U1", "T1", "Ana"), Channel("C1", "help"), "/fix", "a")),
        parse.command,
    ),
]


def paths(value: object, so_far: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in it."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [so_far] if so_far else []
    for name, held in inner:
        found += paths(held, (*so_far, name))
    return found


def put(body: Json, path: tuple[Any, ...], value: Any, gone: bool) -> None:
    """Put something else there, or nothing; what an earlier change has taken away stays so."""
    held: Any = body
    try:
        for name in path[:-1]:
            held = held[name]
        if gone:
            del held[path[-1]]
        else:
            held[path[-1]] = value
    except (KeyError, IndexError, TypeError):
        return


@given(st.data())
def test_whatever_field_is_missing_or_of_another_kind_it_is_read_or_left_alone(data: st.DataObject) -> None:
    make, read = data.draw(st.sampled_from(SHAPES))
    body = make()
    for _number in range(data.draw(st.integers(1, 4))):
        path = data.draw(st.sampled_from(paths(body)))
        put(body, path, data.draw(ANYTHING), data.draw(st.booleans()))
        if not paths(body):
            break
    found = read(body, BOT if read is parse.event else "T1")
    if isinstance(found, Written):
        assert found.seconds >= 0
    json.dumps(found.model_dump() if found is not None else None).encode()  # type: ignore[attr-defined]  # all are values


@given(st.dictionaries(st.text(max_size=8), ANYTHING, max_size=4), ANYTHING)
def test_any_json_is_something_or_nothing_and_never_an_error(body: Json, event: object) -> None:
    parse.event(body | {"event": event}, BOT)
    parse.action(body | {"actions": event}, "T1")
    parse.command(body, "T1")
    parse.shortcut(body, "T1")
    parse.view(body | {"view": event}, "T1")
