"""Draws hostile values, and changes payloads and texts at random; the same numbers draw the same input."""

import random
from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

SIGNS: Final = (
    "", " ", "\n", "\r\n", "\0", "\x1b[31m", "\ud83d", "\udfff", "\u202e", "\u200b", "\ufeff", "é", "e\u0301",
    "🐈", "ß", "İ", "٣", "\uff11", "²", "'", '"', "`", "*", "_", "~~", "||", "<", ">", "&amp;", "&#0;", "<@U1>",
    "<!channel>", "<#C1|x>", "<@99>", "<t:1:R>", "<t:99999999999999999999:R>", "@everyone", "[a](javascript:x)",
    "](", "![", "http://", "|", ":", ";", ",", "=", "%", "%00", "%s", "{0}", "{name}", "${x}", "{{7*7}}", "../",
    "\\", "\\x", "\\u0000", "--", "#", "- ", "> ", "1. ", "```", "\t", "•", "••••••", "password: ", "token=",
    "null", "NaN", "true", "[]", "{}", "0", "-1", "1e999", "\x85",
)  # fmt: skip
"""Pieces of text that parsers stumble over."""

WHOLE: Final[tuple[Any, ...]] = (
    0, -1, 1, 2**31, -(2**31) - 1, 2**53 + 1, 2**63, -(2**63), 2**64, 10**30, 10**400, 1.5, -0.0, 1e308,
    float("inf"), float("nan"), True, False, None, "", "0", "-1", "1.5", "nan", "9" * 25, "1" * 5000, [], {},
    [[]], [None], {"": None}, {"id": None}, [{"id": {}}], "x" * 5000, "💥" * 300,
)  # fmt: skip
"""Values that stand where another type is expected."""


class Mutator:
    """Draws from one generator of numbers."""

    def __init__(self, numbers: random.Random) -> None:
        """`numbers` decides everything that is drawn."""
        self.numbers = numbers

    def pick(self, values: Any) -> Any:
        return values[self.numbers.randrange(len(values))]

    def text(self, known: tuple[str, ...] = ()) -> str:
        """Return a text of signs, of known pieces and of any characters."""
        if self.numbers.random() < 0.003:
            return str(self.pick((*SIGNS, "a ", *known))) * self.numbers.randrange(1, 400)
        pieces = [self._piece(known) for _ in range(self.numbers.randrange(9))]
        return "".join(pieces)

    def _piece(self, known: tuple[str, ...]) -> str:
        kind = self.numbers.random()
        if known and kind < 0.45:
            return self.changed(str(self.pick(known))) if kind < 0.1 else str(self.pick(known))
        if kind < 0.8:
            return str(self.pick(SIGNS))
        if kind < 0.9:
            return chr(self.numbers.randrange(0x110000))
        return "".join(self.pick("abcXYZ019 _-.") for _ in range(self.numbers.randrange(12)))

    def changed(self, text: str) -> str:
        """Return the text with a part cut, doubled, moved or replaced."""
        start = self.numbers.randrange(len(text) + 1)
        end = min(len(text), start + self.numbers.randrange(8))
        match self.numbers.randrange(5):
            case 0:
                return text[:start] + text[end:]
            case 1:
                return text[:end] + text[start:]
            case 2:
                return text[:start] + str(self.pick(SIGNS)) + text[end:]
            case 3:
                return text[start:] + text[:start]
            case _:
                return text[:start] + chr(self.numbers.randrange(0x110000)) + text[start:]

    def value(self) -> Any:
        """Return any value of JSON."""
        kind = self.numbers.random()
        if kind < 0.6:
            return deepcopy(self.pick(WHOLE))
        return self.text() if kind < 0.9 else {self.text(): self.value() for _ in range(2)}

    def payload(self, payload: Any) -> Any:
        """Return a copy of the payload, changed at one to four places, or not at all."""
        changed = deepcopy(payload)
        for _ in range(self.numbers.randrange(5)):
            changed = self._with_change(changed)
        return changed

    def _with_change(self, payload: Any) -> Any:
        holder, name = self._place(payload)
        if holder is None:
            return self.value() if self.numbers.random() < 0.1 else payload
        match self.numbers.randrange(7):
            case 0:
                del holder[name]
            case 1 | 2:
                holder[name] = self.value()
            case 3 if isinstance(holder[name], str):
                holder[name] = self.changed(holder[name])
            case 4:
                holder[name] = self.text()
            case 5:
                holder[name] = [holder[name]] * self.numbers.randrange(4)
            case _:
                holder[name] = {self.text(): holder[name]}
        return payload

    def _place(self, payload: Any) -> tuple[Any, Any]:
        """Return a container in the payload and a key of it; (None, None) if there is none."""
        holder, name = None, None
        at = payload
        while isinstance(at, dict | list) and at and (holder is None or self.numbers.random() < 0.8):
            holder = at
            name = self.pick(list(at) if isinstance(at, dict) else range(len(at)))
            at = holder[name]
        return holder, name

    def fields(self, fields: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
        """Return a form: each field with a known value or a text, some missing and some unknown."""
        form = {
            name: str(self.pick(values)) if self.numbers.random() < 0.6 else self.text(values)
            for name, values in fields.items()
            if self.numbers.random() < 0.9
        }
        if self.numbers.random() < 0.1:
            form[self.text()] = self.text()
        return form

    def bytes(self, text: str) -> bytes:
        """Return the text as bytes, sometimes in another encoding or with broken bytes."""
        kind = self.numbers.random()
        if kind < 0.8:
            return text.encode("utf-8", "surrogatepass" if kind < 0.1 else "replace")
        data = bytearray(text.encode(self.pick(("utf-16", "utf-8", "latin-1")), "replace"))
        for _ in range(self.numbers.randrange(4)):
            data.insert(self.numbers.randrange(len(data) + 1), self.numbers.randrange(256))
        return bytes(data)
