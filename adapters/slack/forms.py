"""The modals: details for a ticket, its summary to copy, how much later, and which colleague goes on. Pure.

Each is a view for `views.open`. Where it is sent back, `callback_id` says which it was, `private_metadata` holds the
button that opened it, and the values lie under the block and action ids named here.
"""

from collections.abc import Sequence
from typing import Any, Final

from adapters.slack import limits
from adapters.slack.blocks import context, label, option, select
from adapters.slack.limits import clean, shows
from adapters.slack.richtext import linked, preformatted, sentence
from adapters.slack.sayings import said
from flows.button import Button
from flows.words import is_address

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
        question(WHAT, said("what"), typed(WHAT, limits.INPUT, lines=True), said("what_hint")),
        question(REACH, said("reach"), typed(REACH, REACH_LONGEST), said("reach_hint")),
    ]
    if files:
        taken = {"type": "file_input", "action_id": FILES, "max_files": SCREENSHOTS}
        inputs.append(question(FILES, said("files"), taken))
    return modal(
        DETAILS,
        said("details_title", ticket=ticket),
        [context(said("details_lead")), *inputs],
        str(button),
        close=said("skip"),
        submit=said("send"),
    )


def _reasons(reasons: Sequence[tuple[str, str]]) -> list[Json]:
    """Radio buttons, which take one tap, or a menu where they are too many for Slack."""
    options = [option(text, reason) for reason, text in reasons]
    if not options:
        return []
    if len(options) <= limits.RADIO:
        asked: Json = {"type": "radio_buttons", "options": options}
    else:
        asked = select(options, REASON, said("choose"))
    return [question(REASON, said("reason"), asked | {"action_id": REASON})]


def summary_view(summary: str, ticket: int, email: str) -> Json:
    """A ticket's summary to copy, and the address to send it to where there is one."""
    address = f"mailto:{email}"
    if is_address(address):
        lead = sentence(said("summary_to"), linked(email, address), said("summary_paste"))
    else:
        lead = sentence(said("summary_lead"))
    pieces = _pieces(clean(summary))
    return modal(
        SUMMARY, said("details_title", ticket=ticket), [lead, *map(preformatted, pieces)], close=said("close")
    )


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
    options = [option(said(until), until) for until in ("hour", "tomorrow", "computer")]
    asked = {"type": "radio_buttons", "action_id": UNTIL, "options": options, "initial_option": options[0]}
    return modal(
        LATER,
        said("later_title"),
        [question(UNTIL, said("later_asks"), asked, optional=False)],
        str(button),
        submit=said("later_sends"),
    )


def colleague_form(button: Button) -> Json:
    """Who goes on; the value is a user's id."""
    asked = {
        "type": "users_select",
        "action_id": WHO,
        "placeholder": label(said("choose"), limits.PLACEHOLDER),
    }
    return modal(
        COLLEAGUE,
        said("colleague_title"),
        [question(WHO, said("colleague_asks"), asked, said("colleague_hint"), optional=False)],
        str(button),
        submit=said("colleague_sends"),
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
        "close": label(close or said("skip"), limits.TITLE),
        "blocks": blocks,
    }
    return view | ({"submit": label(submit, limits.TITLE)} if submit else {})
