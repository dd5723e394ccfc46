"""Draws Discord's components as HTML, as its client shows them in dark; only what our messages have."""

import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Any, Final, Literal

Json = dict[str, Any]

STYLE: Final = """
body{margin:0;padding:12px 16px 16px;background:#313338;color:#dbdee1;
font:16px/22px "gg sans","Noto Sans","DejaVu Sans",sans-serif}
.message{display:grid;grid-template-columns:40px 1fr;gap:0 16px;margin-bottom:14px}
.face{width:40px;height:40px;border-radius:50%;color:#fff;display:grid;place-items:center;font-weight:600}
.who{font-weight:600;color:#f2f3f5}
.app{background:#5865f2;color:#fff;border-radius:3px;padding:1px 4px;font-size:10px;vertical-align:1px;margin-left:6px}
.when{color:#949ba4;font-size:12px;font-weight:400;margin-left:8px}
.box{background:#393a41;border:1px solid #44454c;border-left:4px solid;border-radius:5px;padding:12px 16px;
max-width:600px}
h2{font-size:20px;line-height:26px;margin:6px 0 2px;color:#f2f3f5}
p,ol,ul{margin:0 0 4px}
ol,ul{padding-left:26px}
small{display:block;font-size:13px;line-height:18px;color:#a5a8b0}
blockquote{margin:2px 0 4px;padding-left:12px;border-left:4px solid #5c5e66}
pre{margin:2px 0 4px;padding:7px;background:#2b2d31;border:1px solid #1e1f22;border-radius:4px;white-space:pre-wrap;
font:14px/18px "DejaVu Sans Mono",monospace}
a{color:#00a8fc}
code{background:#2b2d31;border-radius:3px;padding:0 3px;font-size:14px}
.time,.role{background:#494b54;border-radius:3px;padding:0 2px}
.role{background:#3c4270;color:#c9cdfb}
hr{border:0;border-top:1px solid #4a4c54;margin:8px 0}
.row{display:flex;flex-wrap:wrap;gap:8px;margin-top:8px}
.button{border-radius:6px;padding:5px 12px;font-size:14px;font-weight:600;color:#fff;background:#4e5058}
.s1{background:#5865f2}.s3{background:#248046}.s4{background:#da373c}
.select{flex:1;max-width:400px;background:#1e1f22;border-radius:6px;padding:8px 12px;color:#b5bac1;display:flex;
justify-content:space-between}
.mark{display:inline-block;margin-top:4px;padding:1px 8px;border-radius:8px;background:#2b2d31;font-size:14px}
"""

_INLINE: Final = (
    (re.compile(r"&lt;t:\d+:[fF]&gt;"), '<span class="time">January 12, 2026 9:41 AM</span>'),
    (re.compile(r"&lt;t:\d+:[a-zA-Z]&gt;"), '<span class="time">9:41 AM</span>'),
    (re.compile(r"&lt;@&amp;\d+&gt;"), '<span class="role">@Agents</span>'),
    (re.compile(r"&lt;@\d+&gt;"), '<span class="role">@Max</span>'),
    (re.compile(r"\[([^]]+)\]\((?:&lt;)?([^)&]+)(?:&gt;)?\)"), r'<a href="\2">\1</a>'),
    (re.compile(r"\*\*(.+?)\*\*"), r"<b>\1</b>"),
    (re.compile(r"(?<!\*)\*([^*]+)\*"), r"<i>\1</i>"),
    (re.compile(r"~~([^~]+)~~"), r"<s>\1</s>"),
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>"),
    (re.compile(r"\\(?=[^\w\s])"), ""),
)
_TAGS: Final = (("-# ", "small"), ("## ", "h2"))
QUOTE: Final = "&gt; "
_ITEM: Final = re.compile(r"^(?:\d+\.|-) ")


def message(one: Json) -> str:
    """Draw a message: `author`, `app`, `content`, `components` and `marks`."""
    content = f"{markdown(one['content'])}{''.join(map(part, one['components']))}"
    app = '<span class="app">APP</span>' if one["app"] else ""
    color = "#5865f2" if one["app"] else "#8d5a97"
    marks = f'<div><span class="mark">{one["marks"]} 1</span></div>' if one["marks"] else ""
    return (
        f'<div class="message"><div class="face" style="background:{color}">{escape(one["author"][0])}</div><div>'
        f'<div class="who">{escape(one["author"])}{app}<span class="when">9:41 AM</span></div>'
        f"{content}{marks}</div></div>"
    )


def part(one: Json) -> str:
    """Draw a component with those inside it."""
    inside = "".join(map(part, one.get("components", ())))
    match one["type"]:
        case 1:
            return f'<div class="row">{inside}</div>'
        case 2:
            sign = f"{emoji['name']} " if (emoji := one.get("emoji")) else ""
            return f'<span class="button s{one["style"]}">{sign}{escape(one["label"])}</span>'
        case 3:
            return f'<div class="select"><span>{escape(one["placeholder"])}</span><span>⌄</span></div>'
        case 10:
            return markdown(one["content"])
        case 14:
            return "<hr>"
        case 17:
            return f'<div class="box" style="border-left-color:#{one["accent_color"]:06x}">{inside}</div>'
        case _:
            raise AssertionError(f"not drawn: {one}")


def markdown(text: str) -> str:
    """Draw Discord's Markdown; code blocks are left as they are."""
    pieces = escape(text, quote=False).split("```")
    return "".join(
        f"<pre>{piece.strip()}</pre>" if at % 2 else "".join(_blocks(piece.strip("\n").split("\n")))
        for at, piece in enumerate(pieces)
    )


def _blocks(lines: Sequence[str]) -> Iterator[str]:
    for kind, together in groupby(lines, _kind):
        match kind:
            case "item":
                yield f"<ol>{''.join(map(_item, together))}</ol>"
            case "quote":
                yield f"<blockquote>{'<br>'.join(_inline(line.removeprefix(QUOTE)) for line in together)}</blockquote>"
            case _:
                yield from map(_line, together)


def _kind(line: str) -> Literal["item", "quote", "line"]:
    return "item" if _ITEM.match(line) else "quote" if line.startswith(QUOTE) else "line"


def _item(line: str) -> str:
    number = line.partition(".")[0] if line[0].isdigit() else "0"
    return f'<li value="{number}">{_inline(_ITEM.sub("", line))}</li>'


def _line(line: str) -> str:
    for start, tag in _TAGS:
        if line.startswith(start):
            return f"<{tag}>{_inline(line.removeprefix(start))}</{tag}>"
    return f"<p>{_inline(line)}</p>" if line else ""


def _inline(text: str) -> str:
    for pattern, drawn in _INLINE:
        text = pattern.sub(drawn, text)
    return text
