"""Turns each form of the desk into one event, or raises BadRequest. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from adapters.web.desk.sessions import actor
from adapters.web.inbound import BadRequest, clean, digest, text_of
from bot.ports import Account
from flows.acts import Noted, Replied
from flows.agent_forms import DONE, REASON, STEP, TEAM, UNTIL, Answers, Chosen, Who, act_for
from flows.events import Edited, Event, File
from flows.orders import Order, Verb
from flows.text.agent_phrases import AGENT_PHRASES, phrase

UNREADABLE: Final = AGENT_PHRASES["form_unreadable"]
EMPTY: Final = AGENT_PHRASES["write_first"]
_KEY: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_COMMAND: Final = re.compile(r"!\w+")


def marked(text: str) -> bool:
    """Return whether a note begins with "!", which marks a reply in Slack and Discord."""
    return text.startswith("!")


def looks_like_a_command(text: str) -> bool:
    """Return whether a text is one word such as `!close`. Such a text is never sent to a customer."""
    return _COMMAND.fullmatch(text) is not None


def unmarked(text: str) -> str:
    """Return a text without its "!" mark."""
    return text.removeprefix("!").lstrip()


def words(fields: Mapping[str, str]) -> str:
    """Return a form's text. Raises BadRequest if it is empty."""
    text = text_of(fields)
    if not text:
        raise BadRequest(EMPTY)
    return text


def event_of_form(
    act: str,
    fields: Mapping[str, str],
    done: Sequence[str],
    conversation: str,
    by: Account,
    files: tuple[File, ...] = (),
) -> Event:
    """Make the event of a form with its files. `act` is the last part of the form's address. Raises BadRequest.

    A form gets its key when it is drawn. The event's key adds a hash of the fields, so that a double click counts once.
    """
    names = (f"{file.name} {file.id}" for file in files)
    content = "\n".join(
        [*(f"{name}={fields[name]}" for name in sorted(fields) if name != "proof"), *done, *names]
    )
    key = fields.get("key", "")
    if not _KEY.fullmatch(key) or act not in ACTS:
        raise BadRequest(UNREADABLE)
    who = Who(actor=actor(by.id), name=by.name, key=f"{key}.{digest(f'{act} {content}')}")
    if act in WRITTEN:
        return WRITTEN[act](fields, who.of(conversation) | ({"files": files} if files else {}))
    flow, answers = _answers(act, fields, done)
    order = Order(verb=VERBS[act], conversation=conversation, of=flow)
    event = act_for(order, answers, who, teams=(answers.one(TEAM),))
    if isinstance(event, str):
        raise BadRequest(phrase(event))
    return event


def _answers(act: str, fields: Mapping[str, str], done: Sequence[str]) -> tuple[str, Answers]:
    """Return a form's answers, and the id of the guide if the agent chose another one.

    The field `to` is "team:ID" or "agent:ID"; the caller has put the agent's name into `to_name`. The field `at` is
    "STEP" or "FLOW/STEP".
    """
    kind, _, to = _short_field(fields, "to").partition(":")
    flow, _, step = _short_field(fields, "at").rpartition("/")
    chosen = {
        TEAM: to if act == "transfer" and kind == "team" else _short_field(fields, "team"),
        STEP: step if act == "hand-back" else _short_field(fields, "step"),
        REASON: _short_field(fields, "reason"),
        UNTIL: _short_field(fields, "until"),
    }
    agent = Chosen(actor=actor(to), name=fields.get("to_name", "")) if kind == "agent" and to else None
    return flow, Answers(
        text=text_of(fields),
        chosen={name: (value,) for name, value in chosen.items() if value} | {DONE: tuple(done)},
        agent=agent,
    )


def _replied(fields: Mapping[str, str], who: dict[str, Any]) -> Event:
    text = text_of(fields) if "files" in who else words(fields)
    if looks_like_a_command(text):
        raise BadRequest(phrase("sends_no_commands", text=text))
    text = unmarked(text)
    if not text and "files" not in who:
        raise BadRequest(EMPTY)
    return Replied(text=text, **who)


def _edited(fields: Mapping[str, str], text: str, who: dict[str, Any]) -> Event:
    """Make the event that edits a message, found by its version. The conversation refuses if it is another agent's."""
    version = fields.get("version", "")
    if not re.fullmatch(r"[1-9][0-9]{0,8}", version):
        raise BadRequest(UNREADABLE)
    given = {name: value for name, value in who.items() if name != "name"}
    return Edited(version=int(version), text=text, **given)


WRITTEN: Final[Mapping[str, Callable[[Mapping[str, str], dict[str, Any]], Event]]] = {
    "reply": _replied,
    "note": lambda fields, who: Noted(text=words(fields), **who),
    "change": lambda fields, who: _edited(fields, words(fields), who),
    "take-back": lambda fields, who: _edited(fields, "", who),
}
"""Makes the event of a text box, by the last part of the form's address."""

VERBS: Final[Mapping[str, Verb]] = {
    "claim": "claim",
    "release": "release",
    "allow": "allow",
    "transfer": "transfer",
    "hand-back": "back",
    "step": "show",
    "resolve": "resolve",
    "snooze": "snooze",
    "wake": "wake",
    "forward": "forward",
}
"""The orders of the other forms, by the last part of the address. They mean the same as in Slack and Discord."""

ACTS: Final = (*WRITTEN, *VERBS)
"""The last part of the address of each form."""


def _short_field(fields: Mapping[str, str], name: str) -> str:
    return clean(fields.get(name, "")[:80])
