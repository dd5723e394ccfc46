"""Finds the texts that people read in the product's files, and the words that none of them may use.

Texts are found by what they look like, not by where they are, so a file can move: in Python every string of two words
or more that is no docstring, every value of a table, and the docstrings of commands, which are their help; in
templates what stands outside of tags, in attributes that are shown, and in strings of expressions; in scripts every
string; of YAML all of it.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple


class Text(NamedTuple):
    """A text that someone reads, and the line it starts on."""

    line: int
    words: str


class Word(NamedTuple):
    """A word that is not used: its pattern, what to write instead, and samples that must and must not be refused."""

    pattern: str
    instead: str
    bad: str
    good: str


NOT: Final = (
    Word(r"\bholders?\b|^held by\b", "assignee", "Held by", "The lock is held by another process"),
    Word(r"\bhas it\b|\byou have it\b", "is assigned", "Kim has it", "I have it"),
    Word(r"\bput (it |this |them )?aside\b|into sight", "snooze", "Put it aside", "Snooze until tomorrow"),
    Word(r"\bk(ept|eep) ready\b", "saved", "Replies kept ready", "Saved replies"),
    Word(r"^keys$|\bare keys\b|\bletter keys\b|\bkeys to press\b", "shortcuts", "Keys", "Every key of the file"),
    Word(r"\bmail(s|ed|ing)?\b(?! (server|program))", "email", "Write a mail", "Email or phone number"),
    Word(r"\bsomebod(y|ies)\b|\bsomebody's\b", "someone", "Ask somebody", "Ask someone"),
    Word(r"\bnobody\b", "no one", "Nobody waits.", "No one is waiting"),
    Word(r"\bwho(m)?ever\b", "anyone who", "Whoever resolves it", "Anyone who resolves it"),
    Word(r"\bin (people's|my|your|their|the) hands\b", "assigned", "It is in my hands", "Hands up"),
    Word(r"\bleft alone\b", "off", "Slack is left alone", "Slack is off"),
    Word(r"\b(is|are|was|were|be|been|being|alone) told\b", "who does what", "They are told of it", "You told me"),
    Word(r"\bjust now\b", "right now", "Not possible just now", "Not possible right now"),
    Word(r"\blately\b", "recent", "Lately here", "Recent"),
    Word(r"\b(go|goes|went|gone|going) on (with|at|here|by|to|later)\b|\b(we|let it|cannot|can) go on\b", "continue",
         "Go on with the guide", "What's going on?"),
    Word(r"\bcome(s)? through\b|\bcame through\b", "what went wrong", "That did not come through", "Come back"),
    Word(r"\bplace is kept\b", "progress is saved", "Your place is kept.", "Your progress is saved."),
    Word(r"\b(take|takes|taken|took) (it |this |them |the ticket )?back\b", "delete, or cancel", "Take it back",
         "Hand it back"),
    Word(r"\bit('s| is) back\b", "happening again", "It's back", "I'm back"),
    Word(r"\bif you like\b|\bthey like\b", "optional", "Add details, if you like", "Add details (optional)"),
    Word(r"\banew\b", "again", "Installed anew", "A new one"),
    Word(r"\bthings stand\b|\bhow it stands\b", "where you are", "Where things stand now", "Stand near it"),
    Word(r"\bwrongly\b", "invalid", "Called wrongly", "The wrong answer"),
    Word(r"\bwould you rather\b|^rather\b", "prefer", "Rather write?", "I'd rather talk"),
    Word(r"^however long$", "any time", "However long", "As long as"),
)  # fmt: skip
"""The words that WORDING refuses, wherever people read."""

ALLOWED: Final = {
    "just now": "the page's own words for less than a minute ago, which is what they mean",
}
"""Whole texts that may use such a word, with the reason."""

BLANK: Final = re.compile(r"\{[^{}\n]*\}")
SHOWN: Final = re.compile(r"""\b(?:placeholder|title|aria-label|alt|value|label)=(?:"([^"]*)"|'([^']*)')""")
QUOTED: Final = re.compile(r'"((?:[^"\\\n]|\\.)*)"|\'((?:[^\'\\\n]|\\.)*)\'')
EXPRESSION: Final = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
TAG: Final = re.compile(r"<[^>]*>")


def found(path: Path, source: str) -> Iterator[Text]:
    """Yield the texts of a file, by the kind of the file."""
    readers = {".py": python, ".html": template, ".js": script, ".yaml": yaml}
    yield from readers[path.suffix](source)


def refused(text: Text) -> Iterator[str]:
    """Say which words of a text are not used, and what to write instead."""
    if text.words in ALLOWED:
        return
    words = BLANK.sub("{}", text.words)
    for word in NOT:
        if match := re.search(word.pattern, words, re.IGNORECASE):
            yield f"{text.line}: {match[0]!r}, write {word.instead!r}: {text.words.strip()[:90]!r}"


# ---------------------------------------------------------------- by kind of file


def python(source: str) -> Iterator[Text]:
    """Yield strings of two words or more, the values of tables, and the help of commands; no other docstring."""
    nodes = list(ast.walk(ast.parse(source)))
    unread = {id(node) for node in (*_docstrings(nodes), *_annotations(nodes))}
    whole = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    tables = {id(node) for node in _in_tables(nodes)}
    for node in nodes:
        if isinstance(node, ast.JoinedStr):
            if len((words := "".join(_part(part) for part in node.values)).split()) > 1:
                yield Text(node.lineno, words)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) in unread or id(node) in whole or _is_what_customers_type(node.value):
                continue
            if id(node) in tables or len(node.value.split()) > 1:
                yield Text(node.lineno, node.value)
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _is_command(node):
            yield Text(node.lineno, ast.get_docstring(node) or "")


def _docstrings(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield every string that stands alone: docstrings, also those of constants."""
    for node in nodes:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def _annotations(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield everything within annotations, which may be strings."""
    for node in nodes:
        for note in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            yield from ast.walk(note) if isinstance(note, ast.AST) else ()


def _is_what_customers_type(words: str) -> bool:
    """Tell a pattern of utterances, which has its choices in brackets, and a list of words without punctuation."""
    return words.lstrip().startswith("[") or (len(words.split()) > 20 and not re.search(r"[^\w\s]", words))


def _in_tables(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield the values of a Phrasebook, whatever they are wrapped in."""
    for node in nodes:
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Phrasebook", "Plural"):
            for table in node.args:
                values = table.values if isinstance(table, ast.Dict) else [table]
                yield from values


def _is_command(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    called = (one.func if isinstance(one, ast.Call) else one for one in node.decorator_list)
    return any(getattr(one, "attr", "") in ("command", "callback") for one in called)


def _part(part: ast.expr) -> str:
    return str(part.value) if isinstance(part, ast.Constant) else "{}"


def template(source: str) -> Iterator[Text]:
    """Yield what stands outside of tags, in attributes that are shown, and in strings of expressions."""
    for expression in EXPRESSION.finditer(source):
        for literal in QUOTED.finditer(expression[0]):
            words = literal[1] or literal[2] or ""
            if len(words.split()) > 1:
                yield Text(_line(source, expression.start()), words)
    plain = EXPRESSION.sub(_blank, source)
    for attribute in SHOWN.finditer(plain):
        yield Text(_line(source, attribute.start()), attribute[1] or attribute[2] or "")
    for number, row in enumerate(TAG.sub(_blank, plain).split("\n"), start=1):
        yield from (Text(number, words.strip()) for words in re.split(r"\s{3,}", row) if words.strip())


def script(source: str) -> Iterator[Text]:
    """Yield the strings of two words or more; comments are not read."""
    for number, row in enumerate(source.split("\n"), start=1):
        code = re.sub(r"(^|\s)//.*", "", row)
        for literal in re.finditer(r'"((?:[^"\\]|\\.)*)"|`([^`]*)`', code):
            words = literal[1] or literal[2] or ""
            if len(words.split()) > 1:
                yield Text(number, words)


def yaml(source: str) -> Iterator[Text]:
    """Yield every line that is no comment: the library is words from end to end."""
    for number, row in enumerate(source.split("\n"), start=1):
        if row.strip() and not row.lstrip().startswith("#"):
            yield Text(number, row.strip())


def _blank(match: re.Match[str]) -> str:
    """Keep the lines and leave a gap, so that what stands on both sides is no sentence."""
    return "   " + "\n" * match[0].count("\n")


def _line(source: str, place: int) -> int:
    return source.count("\n", 0, place) + 1
