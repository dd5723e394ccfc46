"""Takes pictures of what is drawn for Slack: `python -m tests.adapters.slack.support.screenshots [FOLDER]`.

The product makes the blocks; slack-blocks-to-jsx draws them as Slack's client does, in Debian's Chromium. Without a
FOLDER, `docs/pictures` gets the picture for the docs; with one, that folder gets every kind of message.
"""

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import quote

from playwright.async_api import Browser, Page, Route, async_playwright

from adapters.slack.render import card as slack_card
from adapters.slack.render import forms
from adapters.slack.render.card import Message
from adapters.slack.render.home import AgentPart, HomeRow, home
from bot.ports import Delivery
from flows.button import Button
from flows.conversation import Address, Conversation, Status
from flows.effects import Retire, Suggest, Tell
from flows.events import REASONS
from flows.flow import Flow
from flows.prompts import answered, prompt, tell_words
from flows.text.agent_phrases import phrase
from flows.text.phrases import PHRASES, reason_label
from tests.adapters.slack.support.prompts import card
from tests.adapters.slack.support.schema_check import HERE, conversation, shelf_of_the_library
from tests.browser.support.emoji import draw_emoji
from tests.browser.support.small_png import keep
from tests.browser.support.window import FLAGS, chromium_path

ROOM: Final = Path(__file__).parents[1]
DOCS: Final = ROOM.parents[2] / "docs" / "pictures"
SETTINGS: Final = {"PRODUCT_NAME": "Acme Books", "TEAM_PRODUCT_EMAIL": "help@acme.example"}
NOON: Final = 1_764_000_000_000

DRAW: Final = """
import React from "react";
import { createRoot } from "react-dom/client";
import { Message } from "slack-blocks-to-jsx";
import "slack-blocks-to-jsx/dist/style.css";

window.draw = all => createRoot(document.getElementById("root")).render(all.map(({at, marks, person, ...shown}, key) =>
  <div key={key} className={person ? "person" : "app"}>
    <Message time={new Date(at)} theme="light" {...shown} />
    {marks && <span className="marks">{marks} 1</span>}
  </div>));
"""
SKETCH: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}">'
    '<rect width="100%" height="100%" rx="8" fill="{2}"/>'
    '<text x="50%" y="58%" font-family="sans-serif" font-size="22" fill="#fff" text-anchor="middle">{3}</text></svg>'
)
NAME: Final = "Troubletree"

Shown = Sequence[Message | dict[str, Any]]
"""The product's messages, or the stand-in's: a person's message with its `author` and `marks`."""


def quickbooks() -> Flow:
    """Return the library's guide."""
    return shelf_of_the_library().by_id["connection-not-active"]


def at(step: str, **fields: Any) -> Conversation:
    """Make a conversation at that step of the guide, not at its start."""
    return conversation(quickbooks(), step=step, path=("first",), **fields)


def live(step: str, again: bool = False, **fields: Any) -> Message:
    """Return the card of that step."""
    here = at(step, **fields)
    return slack_card.card(prompt(quickbooks(), here, SETTINGS), here, "e.1", again)


def behind(step: str, answer: str) -> Message:
    """Return a past step's message."""
    words = answered(quickbooks(), step, answer, SETTINGS)
    return slack_card.collapsed(delivery(Retire(id="e.2"), at(step)).model_copy(update={"words": words}))


def says(words: str, here: Conversation) -> Message:
    """Return the message of a text."""
    filled = tell_words(words, quickbooks(), here, SETTINGS)
    drawn = slack_card.message(
        delivery(Tell(id="e.3", words=words), here).model_copy(update={"words": filled})
    )
    assert drawn is not None
    return drawn


def asks(choice: str, here: Conversation) -> Message:
    """Return the question whether words meant that answer."""
    suggests = prompt(quickbooks(), here.model_copy(update={"suggested": (choice,)}), SETTINGS).suggestion
    drawn = slack_card.message(delivery(Suggest(id="e.4"), here).model_copy(update={"suggestion": suggests}))
    assert drawn is not None
    return drawn


def delivery(effect: Tell | Suggest | Retire, here: Conversation) -> Delivery:
    return Delivery(effect=effect, conversation=here, address=Address(channel="slack"))


def every() -> Iterator[tuple[str, Shown]]:
    """Return every kind of message, by name."""
    steps = quickbooks().steps
    waiting: dict[str, Any] = {"status": Status.WAITING, "ticket": 71, "team": quickbooks().escalate.team}
    for step in steps:
        yield f"step-{step.id}", [live(step.id)]
    thread = (behind(steps[0].id, "still-failing"), behind(steps[1].id, "still-failing"), live("auto-run"))
    # Slack shows what one app says in a row under one name.
    yield "thread", [{"blocks": [block for message in thread for block in message.blocks]}]
    yield "suggestion", [live(steps[1].id), asks("fixed", at(steps[1].id))]
    yield "again", [live(steps[1].id, again=True)]
    yield "everything", [card()]
    yield "escalated", [says("escalated", at("auto-run", **waiting)), live("auto-run", **waiting)]
    yield "waiting", [live(steps[-1].id, **(waiting | {"exited": True}))]
    yield "held", [live(steps[1].id, **(waiting | {"status": Status.WITH_AGENT}))]
    yield "resolved", [behind(steps[1].id, "fixed"), live(steps[1].id, status=Status.RESOLVED)]
    yield "closed", [says("nudge", at(steps[1].id)), live(steps[1].id, status=Status.CLOSED)]
    joins = Button(conversation=HERE, turn=1, built_in="joins")
    yield (
        "note",
        [
            slack_card.note(PHRASES["past_turn"], "https://acme.slack.com/archives/C1/p1"),
            slack_card.note(PHRASES["not_yours"], "", [("I'm at the computer", joins)]),
        ],
    )
    yield (
        "offer",
        [
            slack_card.offer(quickbooks().title, "a", "b", "c"),
            slack_card.collapsed_offer("OK. Mention me here if you change your mind."),
        ],
    )
    picker = shelf_of_the_library().picker
    start = conversation(picker)
    yield "picker", [slack_card.card(prompt(picker, start, {}), start, "e.1")]
    yield "home", [tab()]
    yield "home-agent", [agent_tab()]
    yield "home-empty", [home([], [], "", "")]
    button = Button(conversation=HERE, turn=1, built_in="details")
    yield (
        "details",
        [forms.details_form(button, 71, [(reason, reason_label(reason)) for reason in REASONS[1:]])],
    )
    yield "later", [forms.later_form(button)]
    yield "colleague", [forms.colleague_form(button)]
    summary = "Ticket #71: QuickBooks\nReason: I see a different error\n\nTried:\n1. Turn on Auto-Run · Still failing"
    yield "summary", [forms.summary_view(summary, 71, "help@acme.example")]


def tab() -> dict[str, Any]:
    """Return the Home tab of a person with three conversations."""
    button = Button(conversation=HERE, turn=1, built_in="reopen")
    way = "https://acme.slack.com/archives/C1/p1"
    rows = [
        HomeRow(
            title=quickbooks().title, state="Step 3 of 5: Turn on Auto-Run", when=NOON, url=way, open=True
        ),
        HomeRow(
            title="The printer prints nothing", state="Ticket #71", when=NOON - 10**8, url=way, open=True
        ),
        HomeRow(title=quickbooks().title, state="Solved", when=NOON - 10**9, button=button, open=False),
    ]
    offers = [(flow.id, flow.title) for flow in shelf_of_the_library().flows]
    return home(rows, offers, "Acme Books", "help@acme.example")


def agent_tab() -> dict[str, Any]:
    """Return the Home tab of an agent with two tickets, and two others in the queue."""
    way = "https://acme.slack.com/archives/C9/p1?thread_ts=1&cid=C9"

    def ticket(number: int, who: str, state: str, hours: int) -> HomeRow:
        title, when = f"#{number} · {who} · {quickbooks().title}", NOON - hours * 3_600_000
        made = HomeRow(title=title, state=state, when=when, url=way, label=phrase("open_ticket"), open=True)
        return made.model_copy(update={"lead": f"{phrase('since')} "})

    part = AgentPart(
        mine=(
            ticket(71, "Ana", phrase("needs_reply"), 1),
            ticket(64, "Maria Lopez", phrase("waiting_on_customer"), 26),
        ),
        mine_total=9,
        others=(ticket(75, "Ben", f"{phrase('needs_reply')} · {phrase('status_unassigned')}", 0),),
        others_total=1,
    )
    offers = [(flow.id, flow.title) for flow in shelf_of_the_library().flows]
    return home([], offers, "Acme Books", "help@acme.example", part)


# ---------------------------------------------------------------- the camera


def bundle(folder: Path) -> tuple[str, str]:
    """Build the script and the style sheet that draw blocks."""
    esbuild = ROOM / "node_modules" / ".bin" / "esbuild"
    production = '--define:process.env.NODE_ENV="production"'
    command: list[str | Path] = [
        esbuild,
        "--bundle",
        "--loader=jsx",
        f"--outfile={folder / 'drawn.js'}",
        production,
        "--log-level=error",
    ]
    subprocess.run(command, cwd=ROOM, check=True, timeout=60, input=DRAW, text=True)
    script, style = folder / "drawn.js", folder / "drawn.css"
    return script.read_text(encoding="utf-8"), style.read_text(encoding="utf-8")


async def opened(browser: Browser, width: int, drawn: tuple[str, str]) -> Page:
    """Open a blank page that can draw. A sketch replaces everything that the page would load from elsewhere."""
    page = await browser.new_page(viewport={"width": width, "height": 200}, device_scale_factor=1.5)

    async def sketch(route: Route) -> None:
        body = SKETCH.format(360, 120, "#7a869a", "a picture")
        await route.fulfill(content_type="image/svg+xml", body=body)

    await page.route(re.compile("^https:"), sketch)
    script, style = drawn
    frame = (
        "body{margin:16px;background:#fff;font-family:Lato,'DejaVu Sans',sans-serif}"
        ".marks{display:inline-block;margin:0 0 8px 44px;padding:2px 8px;border-radius:12px;background:#efefef;"
        "font-size:12px}.person .uppercase.text-center{display:none}"
        "#root>*+*{margin-top:6px}#root pre,#root code{word-break:normal!important}"
    )
    await page.set_content(f"<style>{style}{frame}</style><div id=root></div>")
    await page.add_script_tag(content=script)
    return page


async def take(page: Page, shown: Shown, file: Path) -> None:
    """Draw messages one below the other and take their picture."""
    await page.evaluate("all => window.draw(all)", [_sheet(one) for one in shown])
    await page.locator("#root > *").nth(len(shown) - 1).wait_for()
    await draw_emoji(page)
    await keep(page, file, full_page=True)


def _sheet(one: Message | dict[str, Any]) -> dict[str, Any]:
    """Return what the page needs to draw a message."""
    given: dict[str, Any] = {"blocks": one.blocks} if isinstance(one, Message) else one
    name = given.get("author", NAME)
    logo = SKETCH.format(48, 48, "#1d3557" if name == NAME else "#8d5a97", name[0].upper())
    return {
        "blocks": [_read(block) for block in given["blocks"]],
        "name": name,
        "logo": "data:image/svg+xml," + quote(logo),
        "person": name != NAME,
        "at": float(given["ts"]) * 1000 if "ts" in given else NOON,
        "marks": given.get("marks"),
    }


def _read(block: dict[str, Any]) -> dict[str, Any]:
    """Adapt a block to the library, which draws no markup at all with `verbatim`, and continues a list's numbers."""
    if block["type"] == "section":
        return block | {"text": {name: value for name, value in block["text"].items() if name != "verbatim"}}
    if block["type"] == "rich_text":
        return block | {
            "elements": [{k: v for k, v in one.items() if k != "offset"} for one in block["elements"]]
        }
    return block


async def main(folder: Path | None) -> None:
    """Start a browser and take the pictures."""
    with TemporaryDirectory() as made:
        drawn = bundle(Path(made))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        for name, shown in every():
            if folder is None and name != "thread":
                continue
            page = await opened(browser, 640 if folder else 600, drawn)
            await take(page, shown, folder / f"{name}.png" if folder else DOCS / "slack.png")
            await page.close()
        await browser.close()


if __name__ == "__main__":
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    (given or DOCS).mkdir(parents=True, exist_ok=True)
    asyncio.run(main(given))
