"""Checks the surfaces that hold blocks (message, modal, Home tab), and lists faults as Slack would."""

from collections.abc import Iterator
from typing import Any, Final

from tests.fakes.slack.blocks import IN_HOMES, IN_MESSAGES, IN_MODALS
from tests.fakes.slack.elements import ID
from tests.fakes.slack.refusals import Json
from tests.fakes.slack.shapes import Check, anything, boolean, listed, plain, shape, string, wrong

BLOCKS_OF_A_MESSAGE: Final = 50
BLOCKS_OF_A_VIEW: Final = 100
MARKDOWN_OF_A_MESSAGE: Final = 12_000
TABLES_OF_A_MESSAGE: Final = 1

ANY_VIEW: Final[dict[str, Check]] = {
    "callback_id": ID,
    "external_id": string(255, 0),
    "private_metadata": string(3000, 0),
}
MODAL: Final = shape(
    {"title": plain(24), "blocks": listed(IN_MODALS, 0, BLOCKS_OF_A_VIEW)},
    {
        **ANY_VIEW,
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
HOME: Final = shape({"blocks": listed(IN_HOMES, 0, BLOCKS_OF_A_VIEW)}, {**ANY_VIEW, "title": anything})


def faults_of_a_message(blocks: Any) -> list[str]:
    found = list(listed(IN_MESSAGES, 0, BLOCKS_OF_A_MESSAGE)(blocks, "/blocks"))
    if found:
        return found
    return [*_repeats(blocks, "/blocks"), *_totals(blocks), *_not_in_messages(blocks)]


def faults_of_a_view(view: Any, kind: str) -> list[str]:
    """List the faults of a modal or a Home tab."""
    if not isinstance(view, dict) or view.get("type") != kind:
        return [wrong(f"type must be {kind}", "/view/type")]
    found = list((MODAL if kind == "modal" else HOME)(view, "/view"))
    if found:
        return found
    blocks = view["blocks"]
    if kind == "modal" and any(block["type"] == "input" for block in blocks) and not view.get("submit"):
        found.append(wrong("missing required field: submit, as there is an input block", "/view"))
    if kind == "home":
        found += _not_in_messages(blocks, "/view/blocks")
    return [*found, *_repeats(blocks, "/view/blocks")]


def elements_of(block: Json) -> list[Json]:
    """Return the elements that can be pressed or filled in."""
    held = [*(block.get("elements") or []), *(block.get("actions") or [])]
    held += [block[name] for name in ("accessory", "element") if block.get(name)]
    for inner in block.get("child_blocks") or []:
        held += elements_of(inner)
    if block["type"] in ("rich_text", "context"):
        return []
    if block["type"] == "carousel":
        return [element for card in held for element in elements_of(card)]
    return [element for element in held if element.get("type") != "image"]


def _repeats(blocks: list[Json], at: str) -> Iterator[str]:
    """Yield ids that are not unique within their parent."""
    for name, owners in (
        ("block_id", blocks),
        ("action_id", [element for block in blocks for element in elements_of(block)]),
    ):
        seen: set[str] = set()
        for owner in owners:
            given = owner.get(name)
            if given in seen:
                yield wrong(f"{name} already exists: {given}", at)
            elif given:
                seen.add(given)


def _totals(blocks: list[Json]) -> Iterator[str]:
    """Yield what exceeds a limit of the whole message."""
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > MARKDOWN_OF_A_MESSAGE:
        yield wrong(
            f"markdown blocks must be less than {MARKDOWN_OF_A_MESSAGE + 1} characters together", "/blocks"
        )
    tables = [block for block in blocks if block["type"] == "table"]
    if len(tables) > TABLES_OF_A_MESSAGE:
        yield wrong("only one table allowed", "/blocks")
    for table in tables:
        if sum(len(str(cell.get("text", ""))) for row in table["rows"] for cell in row) > 10_000:
            yield wrong("table must be less than 10001 characters", "/blocks")


def _not_in_messages(blocks: list[Json], at: str = "/blocks") -> Iterator[str]:
    for number, block in enumerate(blocks):
        if block["type"] == "input" and block["element"]["type"] == "file_input":
            yield wrong("file_input may stand in a modal only", f"{at}/{number}/element")
