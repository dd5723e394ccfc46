"""Tests that every text that people read uses the product's words, and that every other word is refused."""

import re
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from tests.wording import ALLOWED, NOT, Text, Word, found, refused

ROOT: Final = Path(__file__).resolve().parent.parent
ROOMS: Final = ("flows", "bot", "adapters")
KINDS: Final = (".py", ".html", ".js", ".yaml")


def folders() -> list[str]:
    """The folders that hold product files, wherever they have moved."""
    files = (path for room in ROOMS for path in (ROOT / room).rglob("*") if path.suffix in KINDS)
    return sorted({str(path.parent.relative_to(ROOT)) for path in files})


@cache
def texts(folder: str) -> list[tuple[Path, Text]]:
    """The texts that people read, of each file of that folder."""
    files = [path for path in sorted((ROOT / folder).iterdir()) if path.suffix in KINDS]
    return [
        (path.relative_to(ROOT), text)
        for path in files
        for text in found(path, path.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize("folder", folders())
def test_no_text_uses_a_word_that_is_not_used(folder: str) -> None:
    wrong = [f"{path}:{why}" for path, text in texts(folder) for why in refused(text)]
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("word", NOT, ids=lambda word: word.bad)
def test_a_word_that_is_not_used_is_refused_and_its_better_one_is_not(word: Word) -> None:
    assert list(refused(Text(1, word.bad))) == [f"1: {_hit(word)!r}, write {word.instead!r}: {word.bad!r}"]
    assert list(refused(Text(1, word.good))) == []


def _hit(word: Word) -> str:
    match = re.search(word.pattern, word.bad, re.IGNORECASE)
    assert match is not None
    return match[0]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("a.py", 'PAGE = Phrasebook({"a": "Keys"})\n'),
        ("a.py", 'PAGE = Phrasebook({"a": Plural("{count} mail", "{count} mails")})\n'),
        ("a.py", 'SAID = MappingProxyType({"a": ("Nobody " "waits.")})\n'),
        ("a.py", 'def f(x):\n    raise Failure(f"{x} is told of it")\n'),
        ("a.py", '@app.command()\ndef put():\n    """Put somebody out."""\n'),
        ("a.py", 'x = Option(help="Nobody else.")\n'),
        ("a.html", "<p>\n  Nobody waits.</p>"),
        ("a.html", '<input placeholder="A mail address">'),
        ("a.html", '<p>{{ "somebody else" if x else y }}</p>'),
        ("a.html", "<h2 class='x'>Keys</h2>"),
        ("a.js", 'notice("Nothing was told.");\n'),
        ("a.yaml", "say: |\n  Let it go on.\n"),
    ],
)
def test_a_text_is_found_wherever_it_stands(name: str, source: str) -> None:
    assert [why for text in found(Path(name), source) for why in refused(text)]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("a.py", '"""Nobody reads docstrings but those who work here."""\nx = "nobody"\n'),
        ("a.py", 'told = {"kind": "told"}\n'),
        ("a.py", 'UTTERANCES = "[human|somebody] [please|]"\n'),
        ("a.py", 'def f(mail: "Mailed | None") -> str:\n    return f"/mail/{mail}"\n'),
        ("a.py", 'PAGE = Phrasebook({"a": "I sent it to {mail}."})\n'),
        ("a.html", '<p class="mail">{{ mail(ticket) }}</p>'),
        ("a.html", '{% if prompt.kind == "told" %}<p>Hello</p>{% endif %}'),
        ("a.js", "// Nobody looks at this tab.\n"),
        ("a.yaml", "# Nobody reads this on screen.\n"),
    ],
)
def test_what_nobody_reads_on_screen_is_left_out(name: str, source: str) -> None:
    assert not [why for text in found(Path(name), source) for why in refused(text)]


def test_all_kinds_of_texts_are_found_in_the_product() -> None:
    known = {text.words for folder in folders() for _, text in texts(folder)}
    assert {"Fixed it", "Prefer email? Contact {team} at {address}.", "I see a different error"} <= known
    assert any(words.startswith("title: Check Every-Min") for words in known)
    assert any(words.startswith("Can't reach the server. Trying") for words in known)
    assert len(known) > 1000


def test_what_is_allowed_is_there() -> None:
    known = {text.words for folder in folders() for _, text in texts(folder)}
    assert set(ALLOWED) <= known
