"""Draws the modals: details for a ticket, its summary, how much later, and which colleague continues. Pure.

Each is a view for `views.open`. Where it is sent back, `callback_id` says which it was, `private_metadata` holds the
button that opened it, and the values lie under the block and action ids named here.
"""

from collections.abc import Sequence
from typing import Any, Final

from adapters.slack.api import limits
from adapters.slack.api.limits import clean, shows
from adapters.slack.render.blocks import context, label, option, select
from adapters.slack.render.rich_text import preformatted, rich_text
from flows.button import Button
from flows.text.phrases import PHRASES
from flows.text.words import fill, is_address, parse

Json = dict[str, Any]

DETAILS: Final = "details"
SUMMARY: Final = "summary"
LATER: Final = "later"
COLLEAGUE: Final = "colleague"
WHY: Final = "rating"
"""Callback ids. Submitted are all but `SUMMARY`."""

REASON: Final = "reason"
WHAT: Final = "text"
REACH: Final = "reach"
FILES: Final = "files"
UNTIL: Final = "until"
WHO: Final = "who"
"""Ids of the inputs; the block and the action within it have the same: `values["reason"]["reason"]`."""

SCREENSHOTS: Final = 5
"""Files taken with one form."""

REACH_LONGEST: Final = 200
"""Characters of an address or a phone number."""

PAGES: Final = 20
"""Pieces of a summary that are shown."""


def details_form(button: Button, ticket: int, reasons: Sequence[tuple[str, str]], files: bool = True) -> Json:
    """What the agent should know beside the trail: nothing in it has to be filled in.

    `reasons` are ids and labels. `files` is false where the app may not read files: then none are asked for.
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
    """Radio buttons, which take one tap, or a menu where they are too many for Slack."""
    options = [option(text, reason) for reason, text in reasons]
    if not options:
        return []
    if len(options) <= limits.RADIO:
        asked: Json = {"type": "radio_buttons", "options": options}
    else:
        asked = select(options, REASON, PHRASES["choose_reason"])
    return [question(REASON, PHRASES["reason"], asked | {"action_id": REASON})]


def summary_view(summary: str, ticket: int, email: str) -> Json:
    """A ticket's summary to copy, and the address to send it to where there is one."""
    address = f"mailto:{email}"
    if is_address(address):
        lead = rich_text(fill(parse(PHRASES["summary_to"]), {"reach": email, "address": address}))
    else:
        lead = rich_text(parse(PHRASES["summary_lead"]))
    title = PHRASES.say("ticket_number", ticket=ticket)
    blocks = [*lead, *map(preformatted, _pieces(clean(summary)))]
    return modal(SUMMARY, title, blocks, close=PHRASES["close"])


def _pieces(text: str) -> list[str]:
    """The text in pieces that fit a block each, broken at the ends of lines where that can be."""
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
    """How much later; the value is that of a nap."""
    options = [option(PHRASES[f"later_{until}"], until) for until in ("hour", "tomorrow", "computer")]
    asked = {"type": "radio_buttons", "action_id": UNTIL, "options": options, "initial_option": options[0]}
    return modal(
        LATER,
        PHRASES["later"],
        [question(UNTIL, PHRASES["later_asks"], asked, optional=False)],
        str(button),
        submit=PHRASES["later_sends"],
    )


def colleague_form(button: Button) -> Json:
    """Ask which colleague continues; the value is a user's id."""
    asked = {
        "type": "users_select",
        "action_id": WHO,
        "placeholder": label(PHRASES["choose_colleague"], limits.PLACEHOLDER),
    }
    return modal(
        COLLEAGUE,
        PHRASES["colleague"],
        [question(WHO, PHRASES["colleague_asks"], asked, PHRASES["colleague_hint"], optional=False)],
        str(button),
        submit=PHRASES["colleague_sends"],
    )


def question(name: str, asks: str, element: Json, hint: str = "", optional: bool = True) -> Json:
    """A question with its answer; name, action and block have one id."""
    drawn: Json = {
        "type": "input",
        "block_id": name,
        "label": label(asks, limits.LABEL),
        "element": element,
        "optional": optional,
    }
    return drawn | ({"hint": label(hint, limits.LABEL)} if hint else {})


def typed(name: str, longest: int, lines: bool = False) -> Json:
    """Something to type into."""
    return {"type": "plain_text_input", "action_id": name, "multiline": lines, "max_length": longest}


def modal(
    callback: str, title: str, blocks: list[Json], metadata: str = "", close: str = "", submit: str = ""
) -> Json:
    """A view to open; `metadata` comes back with what was filled in."""
    view: Json = {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": metadata,
        "title": label(title, limits.TITLE),
        "close": label(close or PHRASES["skip"], limits.TITLE),
        "blocks": blocks,
    }
    return view | ({"submit": label(submit, limits.TITLE)} if submit else {})
