"""Draws the customers' forms: ticket details, a message in their own words, and a comment on a score."""

from collections.abc import Sequence
from typing import Any, Final

from adapters.discord.api.limits import FIELD_DESCRIPTION, FIELD_LABEL, FILES, INPUT, MODAL_TITLE, RADIOS, cut
from adapters.discord.render.components import (
    LABEL_TYPE,
    RADIO_TYPE,
    TEXT_INPUT_TYPE,
    UPLOAD_TYPE,
    Part,
    option,
)
from adapters.discord.render.tokens import WriteMessage
from flows.button import Button, rating
from flows.events import REASONS
from flows.text.phrases import PHRASES, reason_label

REASON: Final = "reason"
WORDS: Final = "text"
REACH: Final = "reach"
UPLOADS: Final = "files"
"""The ids of the fields, which come back with their values."""

LONG: Final = 2
SHORT: Final = 1
"""Styles of a text input."""

REACHABLE: Final = 200
"""Characters of an email address or a phone number."""


def details_form(
    button: Button, ticket: int, reasons: Sequence[str] = (), files: bool = True
) -> dict[str, Any]:
    """Draw the form for ticket details, in which every field is optional.

    `reasons` are those already on the ticket; the form does not ask for them again.
    """
    details = button.model_copy(update={"choice": "", "built_in": "details"})
    offered = [reason for reason in REASONS if reason != "asked" and reason not in reasons]
    fields = [_reasons(offered)] if len(offered) in RADIOS else []
    fields.append(_label("what", _input(WORDS, LONG, INPUT)))
    fields.append(_label("reach", _input(REACH, SHORT, REACHABLE)))
    if files:
        fields.append(upload_field())
    return _form(str(details), PHRASES.say("details_title", ticket=ticket), fields)


def reply_form(button: Button) -> dict[str, Any]:
    """Draw the form for a message in the customer's own words, for places where the bot cannot read messages."""
    words = _label("your_message", _input(WORDS, LONG, INPUT, required=True))
    fields = [words, upload_field()]
    return _form(str(WriteMessage.at(button.conversation, button.turn)), PHRASES["send_message"], fields)


def why_form(button: Button, score: int) -> dict[str, Any]:
    """Draw the form for a comment on a score; its id holds the button of that score."""
    scored = rating(button.conversation, button.turn, score)
    words = _label("rating_words", _input(WORDS, LONG, INPUT, required=True))
    return _form(str(scored), PHRASES["how_was_it"], [words])


def _form(custom_id: str, title: str, fields: Sequence[Part]) -> dict[str, Any]:
    return {"custom_id": custom_id, "title": cut(title, MODAL_TITLE), "components": list(fields)}


def _label(name: str, component: Part) -> Part:
    label: Part = {"type": LABEL_TYPE, "label": cut(PHRASES[name], FIELD_LABEL), "component": component}
    meaning = PHRASES.get(f"{name}_hint")
    return label | ({"description": cut(meaning, FIELD_DESCRIPTION)} if meaning else {})


def _reasons(offered: Sequence[str]) -> Part:
    options = [option(reason_label(reason), reason) for reason in offered]
    return _label("reason", {"type": RADIO_TYPE, "custom_id": REASON, "options": options, "required": False})


def _input(custom_id: str, style: int, longest: int, required: bool = False) -> Part:
    return {
        "type": TEXT_INPUT_TYPE,
        "custom_id": custom_id,
        "style": style,
        "required": required,
        "max_length": longest,
    }


def upload_field() -> Part:
    """Draw an optional field for files."""
    return _label(
        "files",
        {
            "type": UPLOAD_TYPE,
            "custom_id": UPLOADS,
            "required": False,
            "min_values": 0,
            "max_values": FILES,
        },
    )
