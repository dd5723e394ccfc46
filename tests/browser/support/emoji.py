"""Draws the emoji of our messages, so that pictures look the same on machines without a font for them."""

from typing import Final
from urllib.parse import quote

from playwright.async_api import Page

_DOT: Final = '<circle cx="18" cy="18" r="16" fill="{}"/>'
_DRAWN: Final = {
    "🔴": _DOT.format("#dd2e44"),
    "🟢": _DOT.format("#78b159"),
    "⚪": _DOT.format("#e6e7e8"),
    "✅": '<rect x="2" y="2" width="32" height="32" rx="5" fill="#77b255"/>'
    '<path d="M9 19l6 7L27 10" fill="none" stroke="#fff" stroke-width="4.5" stroke-linecap="round"/>',
    "🔒": '<path d="M10 18v-6a8 8 0 0 1 16 0v6" fill="none" stroke="#aab8c2" stroke-width="4"/>'
    '<rect x="5" y="16" width="26" height="19" rx="3" fill="#ffac33"/>',
    "⚠️": '<path d="M18 3 35 33H1z" fill="#ffcc4d" stroke="#ffcc4d" stroke-width="2" stroke-linejoin="round"/>'
    '<path d="M18 12v11m0 3.4v3.4" stroke="#231f20" stroke-width="3.4" stroke-linecap="round"/>',
    "🙋": '<path d="M5 36v-4a9 9 0 0 1 9-9h6a9 9 0 0 1 9 9v4z" fill="#3b88c3"/>'
    '<path d="M27 27 32 7" stroke="#ffcc4d" stroke-width="5" stroke-linecap="round"/>'
    '<circle cx="17" cy="14" r="8" fill="#ffcc4d"/>'
    '<path d="M9 12a8 8 0 0 1 16 0c-5 0-11-1-16 0z" fill="#963b22"/>',
}
EMOJI: Final = {
    sign: "data:image/svg+xml,"
    + quote(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36">{drawn}</svg>')
    for sign, drawn in _DRAWN.items()
}

_REPLACE: Final = """drawn => {
  const found = new RegExp("(" + Object.keys(drawn).join("|") + ")");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) if (found.test(walker.currentNode.data)) texts.push(walker.currentNode);
  for (const text of texts) text.replaceWith(...text.data.split(found).map(part => {
    if (!drawn[part]) return part;
    const sign = new Image();
    sign.src = drawn[part];
    sign.style = "width:1.15em;height:1.15em;vertical-align:-.22em;display:inline-block";
    return sign;
  }));
  return Promise.all([...document.images].map(sign => sign.decode()));
}"""


async def draw_emoji(page: Page) -> None:
    """Replace the emoji on this page with drawings."""
    await page.evaluate(_REPLACE, EMOJI)
