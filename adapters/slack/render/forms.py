"""Draws the modals: ticket details, summary, check in later, colleague, and a modal's inputs. Pure.

Each is a view for `views.open`. When the customer submits it, `callback_id` says which form it was,
`private_metadata` holds the button that opened it, and the values are under the block and action ids named here.
"""

from collections.abc import Sequence
from typing import Any, Final

from adapters.slack.api import limits
from adapters.slack.api.limits import clean, shows
from adapters.slack.render.blocks import context, label, option, select
from adapters.slack.render.rich_text import preformatted, rich_text
from flows.button import Button
from flows.text.markup.words import fill, is_address, parse
from flows.text.phrases import PHRASES

Json = dict[str, Any]

DETAILS: Final = "details"
SUMMARY: Final = "summary"
LATER: Final = "later"
COLLEAGUE: Final = "colleague"
WHY: Final = "rating"
NOTICE: Final = "notice"
"""Callback ids. Customers submit all forms but `SUMMARY` and `NOTICE`."""

REASON: Final = "reason"
WHAT: Final = "text"
REACH: Final = "reach"
FILES: Final = "files"
UNTIL: Final = "until"
WHO: Final = "who"
"""Ids of the inputs; a block and the action within it have the same id: `values["reason"]["reason"]`."""

SCREENSHOTS: Final = 5
"""Files that one form takes."""

REACH_LONGEST: Final = 200
"""Characters of an email address or a phone number."""

PAGES: Final = 20
"""Blocks that show a summary, at most."""


def details_form(button: Button, ticket: int, reasons: Sequence[tuple[str, str]], files: bool = True) -> Json:
    """Draw the form for ticket details, in which every input is optional.

    `reasons` are ids and labels. `files` is false if the app lacks the scope to read files: then it asks for no file.
    """
    inputs = [
        *_reasons(reasons),
        question(WHAT, PHRASES["what"], typed(WHAT, limits.INPUT, lines=True), PHRASES["what_hint"]),
        question(REACH, PHRASES["reach"], typed(REACH, REACH_LONGEST), PHRASES["reach_hint"]),
    ]
    if files:
        taken = {"type": "file_input", "action_id": FILES, "max_files": SCREENSHOTS}
        inputs.append(question(FILES, PHRASES["files"], taken, PHRASES["files_hint"]))
    return modal(
        DETAILS,
        PHRASES.say("details_title", ticket=ticket),
        [context(PHRASES["details_lead"]), *inputs],
        str(button),
        close=PHRASES["skip"],
        submit=PHRASES["send"],
    )


def _reasons(reasons: Sequence[tuple[str, str]]) -> list[Json]:
    """Draw the reasons as radio buttons, which take one tap, or as a select if they are too many for Slack."""
    options = [option(text, reason) for reason, text in reasons]
    if not options:
        return []
    if len(options) <= limits.RADIO:
        choices: Json = {"type": "radio_buttons", "options": options}
    else:
        choices = select(options, REASON, PHRASES["choose_reason"])
    return [question(REASON, PHRASES["reason"], choices | {"action_id": REASON})]


def summary_view(summary: str, ticket: int, email: str) -> Json:
    """Draw a ticket's summary to copy, with the address that the customer must email it to, if any."""
    address = f"mailto:{email}"
    if is_address(address):
        lead = rich_text(fill(parse(PHRASES["summary_to"]), {"reach": email, "address": address}))
    else:
        lead = rich_text(parse(PHRASES["summary_lead"]))
    title = PHRASES.say("ticket_number", ticket=ticket)
    blocks = [*lead, *map(preformatted, _pieces(clean(summary)))]
    return modal(SUMMARY, title, blocks, close=PHRASES["close"])


def notice_view(title: str, blocks: Sequence[Json]) -> Json:
    """Draw a message as a modal, for a person whom no message reaches."""
    return modal(NOTICE, title, list(blocks), close=PHRASES["close"])


def _pieces(text: str) -> list[str]:
    """Split the text into pieces that fit one block each, at the ends of lines if possible."""
    pieces: list[str] = []
    while shows(text) and len(pieces) < PAGES:
        piece = limits.head(text, limits.SPEECH)
        if len(piece) < len(text) and (end := piece.rfind("\n")) > 0:
            piece = piece[:end]
        text = text[len(piece) :].lstrip("\n")
        pieces.append(piece)
    if shows(text):
        pieces[-1] = limits.cut(pieces[-1] + "  ", limits.length(pieces[-1]))
    return pieces


def later_form(button: Button) -> Json:
    """Draw the form that asks when to check in; its value names the time."""
    options = [option(PHRASES[f"later_{until}"], until) for until in ("hour", "tomorrow", "computer")]
    choices = {"type": "radio_buttons", "action_id": UNTIL, "options": options, "initial_option": options[0]}
    return modal(
        LATER,
        PHRASES["later"],
        [question(UNTIL, PHRASES["later_asks"], choices, optional=False)],
        str(button),
        submit=PHRASES["later_sends"],
    )


def colleague_form(button: Button) -> Json:
    """Draw the form that asks which colleague continues; its value is a user's id."""
    choices = {
        "type": "users_select",
        "action_id": WHO,
        "placeholder": label(PHRASES["choose_colleague"], limits.PLACEHOLDER),
    }
    return modal(
        COLLEAGUE,
        PHRASES["colleague"],
        [question(WHO, PHRASES["colleague_asks"], choices, PHRASES["colleague_hint"], optional=False)],
        str(button),
        submit=PHRASES["colleague_sends"],
    )


def question(name: str, asks: str, element: Json, hint: str = "", optional: bool = True) -> Json:
    """Draw a question with its input; block and action have the id `name`."""
    drawn: Json = {
        "type": "input",
        "block_id": name,
        "label": label(asks, limits.LABEL),
        "element": element,
        "optional": optional,
    }
    return drawn | ({"hint": label(hint, limits.LABEL)} if hint else {})


def typed(name: str, longest: int, lines: bool = False) -> Json:
    """Draw a text input."""
    return {"type": "plain_text_input", "action_id": name, "multiline": lines, "max_length": longest}


def modal(
    callback: str, title: str, blocks: list[Json], metadata: str = "", close: str = "", submit: str = ""
) -> Json:
    """Draw a view to open; `metadata` comes back with the submitted values."""
    view: Json = {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": metadata,
        "title": label(title, limits.TITLE),
        "close": label(close or PHRASES["skip"], limits.TITLE),
        "blocks": blocks,
    }
    return view | ({"submit": label(submit, limits.TITLE)} if submit else {})
