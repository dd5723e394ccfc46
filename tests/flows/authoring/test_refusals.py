"""Tests the reader's errors: each mistake is one line with its place, and a suggestion if there is one."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.authoring.reader import read
from tests.flows.authoring.test_reader import GUIDE, HEAD

STEP = "steps:\n  - {id: a, title: A, say: B}\n"
TOP = HEAD + STEP


def told(text: str | bytes) -> list[str]:
    """The errors of a file as they are printed, without the file's name."""
    data = text.encode() if isinstance(text, str) else text
    reading = read(data, "f.yaml")
    assert (reading.flow is None) == bool(reading.errors)
    lines = [str(error) for error in reading.errors]
    assert all(line.startswith("f.yaml:") and "\n" not in line for line in lines)
    return [line.removeprefix("f.yaml:") for line in lines]


def marked(text: str, reason: str) -> str:
    """The line that is told of a mistake where the ¶ stands."""
    before = text[: text.index("¶")].split("\n")
    return f"{len(before)}:{len(before[-1]) + 1}: {reason}"


def body(steps: str) -> str:
    """A file with these steps, the first of which stands in line 10."""
    return HEAD + "steps:\n" + steps


ASK = "  - {id: a, title: A, ask: B?, answers: {%s}}\n"


def mistakes() -> list[tuple[str, str]]:
    """The mistakes beside this file, each as a file with a ¶ and the reason that is told."""
    lines = (Path(__file__).parent / "mistakes.txt").read_text("utf-8").splitlines()
    pairs = [line for line in lines if line and not line.startswith("#")]
    return [(mistaken(what), reason.strip()) for what, reason in zip(pairs[::2], pairs[1::2], strict=True)]


def mistaken(what: str) -> str:
    """The file with that mistake in it."""
    if what.startswith("answers: "):
        return body(ASK % what.removeprefix("answers: "))
    old, new = what.replace("\\n", "\n").split(" => ")
    if old in ("$", "FILE"):
        return (TOP if old == "$" else "") + new
    assert old in TOP, f"{old!r} is not in the file"
    return TOP.replace(old, new)


@pytest.mark.parametrize(("text", "reason"), mistakes())
def test_a_mistake_is_told_in_one_line_with_its_place(text: str, reason: str) -> None:
    assert marked(text, reason) in told(text.replace("¶", ""))


def test_a_hint_takes_the_id_of_its_own_step() -> None:
    taken = body(
        "  - {id: a, title: A, ask: B?, hint: c, answers: {D: next}}\n  - {id: a-hint, title: A, say: B}\n"
    )
    assert told(taken) == ["11:10: the step id 'a-hint' is already used in line 10"]
    long = "a" * 28
    (line,) = told(body(f"  - {{id: {long}, title: A, ask: B?, hint: c, answers: {{D: fixed}}}}\n"))
    assert (
        line == f"10:10: with a hint, the step needs a shorter id: '{long}-hint' has more than 32 characters"
    )


def test_a_word_outside_of_the_subset_is_told_with_its_line() -> None:
    text = body("  - id: a\n    title: A\n    say: |\n\n      1. fine\n\n      # not fine\n")
    assert told(text) == [
        "16:7: not supported on every channel: a heading; a step has its own title, so write **bold** instead"
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\n---\nb: 2\n", "2:1: a file can hold only one document; delete the `---`"),
        (
            "%YAML 1.1\n---\na: 1\n",
            "1:1: YAML directives are not supported; delete the lines that start with %",
        ),
        ("a: &b c\n", "1:4: YAML reads text that starts with & as an anchor; put it in quotes"),
        ("a: *b\n", "1:4: YAML reads text that starts with * as an alias; put it in quotes"),
        (
            "a: !!python/name:os.system x\n",
            "1:4: YAML reads text that starts with ! as a tag; put it in quotes",
        ),
        ("<<: {a: b}\n", "1:1: merge keys are not supported; write the keys out"),
        ("? [a]\n: b\n", "1:3: a key must be text; put text that starts with { or [ in quotes"),
        (
            "{" * 100_000,
            "1:33: nested too deep; move the inner steps to the list of steps and lead to them by id",
        ),
        ("a: b\0c\n", "1:5: invisible control character (U+0000); delete it"),
        ("a: b\n\u202ec: d\n", "2:1: invisible control character (U+202E); delete it"),
        ('a: "b\\ec"\n', "1:4: invisible control character (U+001B) in the text; delete it"),
        (b"a: b\nc: \xff\n", "2:4: byte 0xff is not UTF-8; save the file as UTF-8"),
        ("flow: a\n".encode("utf-16"), "1:1: byte 0xff is not UTF-8; save the file as UTF-8"),
        (b"#" * 1_000_001, "1:1: the file has 1,000,001 bytes; the limit is 1,000,000"),
        (
            "a: [" + "b," * 60_000 + "]",
            "1:99999: more than 50,000 values in one file; split it into several flows",
        ),
        (" \n# nothing\n", "1:1: the file is empty; start with `flow: an-id`"),
    ],
)
def test_what_yaml_offers_beyond_text_is_refused(text: str | bytes, line: str) -> None:
    assert line in told(text)


@pytest.mark.row("security", "A flow file expands until the memory is full")
def test_a_bomb_of_aliases_is_refused_before_anything_is_expanded() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(20)
    )
    assert told(bomb) == ["1:4: YAML reads text that starts with & as an anchor; put it in quotes"]


@pytest.mark.parametrize(
    ("value", "place", "hint"),
    [
        ("Now: try again", "1:9:", "put text that contains `: ` in quotes or after `|`"),
        ("`go` and wait", "1:6:", "put text that starts with ` in quotes or after `|`"),
        ("@here", "1:6:", "put text that starts with @ in quotes or after `|`"),
        ("**Power** first", "1:7:", "put text that starts with * in quotes or after `|`"),
        ("{product} is off", "1:16:", "put text that starts with [ or { in quotes"),
        ("[Open](https://x.example) it", "1:12:", "put text that starts with [ or { in quotes"),
        (
            '"Power" first',
            "1:14:",
            "nothing can follow a closing quote; put the whole text in quotes",
        ),
        ("'it is", "3:1:", "a closing quote is missing"),
        ("- a", "1:6:", "check the indentation of this line and the one before"),
    ],
)
def test_what_yaml_stumbles_over_is_told_with_what_to_write_instead(
    value: str, place: str, hint: str
) -> None:
    (line,) = told(f"say: {value}\nb: c\n")
    assert line.startswith(place)
    assert line.endswith(hint)
    assert "not valid YAML: " in line


def test_a_tab_as_indentation_is_told() -> None:
    (line,) = told("a:\n\tb: c\n")
    assert line.endswith("indent with spaces, not with a tab")


def test_a_word_lost_to_a_comment_is_worth_advice() -> None:
    text = TOP.replace("title: Some trouble", "title: Trouble in #help  # a comment")
    reading = read(text.encode(), "f.yaml")
    assert reading.flow is not None
    assert [(found.line, found.column, found.level) for found in reading.findings][1] == (2, 19, "advice")
    assert str(reading.findings[1]).startswith("f.yaml:2:19: suggestion: '#help' starts a comment")


@pytest.mark.parametrize(
    ("old", "new", "most"),
    [
        ("title: Some trouble", "title: {}", 75),
        ("title: A", "title: {}", 150),
        ("say: B", "say: {}", 2400),
        ("say: B", "say: B, warn: {}", 600),
        ("id: a", "id: {}", 32),
        ("say: B", "ask: B?, answers: {{{}: {{choice: c, to: fixed}}}}", 75),
        ("say: B", "ask: B?, answers: {{C: {{choice: {}, to: fixed}}}}", 24),
    ],
)
def test_what_does_not_fit_on_every_channel_is_refused(old: str, new: str, most: int) -> None:
    assert told(TOP.replace(old, new.format("t" * most))) == []
    (line,) = told(TOP.replace(old, new.format("t" * (most + 1))))
    assert line.endswith(f" has {most + 1} characters; at most {most} fit on every channel")


def test_a_title_is_one_line() -> None:
    (line,) = told(TOP.replace("title: A", 'title: "A\\nB"'))
    assert line.endswith("'title' must be one line")


def test_a_step_has_at_most_five_links() -> None:
    links = ", ".join(["{label: L, url: 'https://x.example'}"] * 6)
    (line,) = told(TOP.replace("say: B", f"say: B, links: [{links}]"))
    assert line.endswith("a step can have at most 5 links")


def test_a_flow_has_at_most_five_hundred_steps_with_their_hints() -> None:
    step = "  - {id: a%d, title: A, ask: B?, hint: C, answers: {D: next, E: fixed}}\n"
    assert told(body("".join(step % n for n in range(250)))) == []
    (line,) = told(body("".join(step % n for n in range(251))))
    assert line.startswith("10:5: more than 500 steps, including hints")


def test_all_mistakes_of_a_file_are_told_together_in_its_order() -> None:
    text = GUIDE.replace("title: The light", "titel: The light").replace("to: power", "to: pwer")
    text = text.replace("say: Hit it.", "say: <b>")
    wrong = ("- id: light", "titel", "pwer", "say: <b>")
    lines = [n for n, line in enumerate(text.splitlines(), start=1) if any(word in line for word in wrong)]
    assert [int(line.split(":")[0]) for line in told(text)] == lines


def test_a_file_of_nothing_but_mistakes_is_told_a_hundred_of_them() -> None:
    assert len(told("a: b\n" * 1000)) == 100


SIGNS = (
    "&a",
    "*a",
    "!t",
    "|",
    ">",
    "---",
    "\t",
    "'",
    '"',
    "{",
    "[",
    "- ",
    "? ",
    ": ",
    "#",
    "\n  ",
    "\0",
    "é",
)
PIECES = st.sampled_from(sorted({*GUIDE.split(), *SIGNS}))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(GUIDE)), st.integers(0, 40), st.lists(PIECES, max_size=4).map(" ".join))
def test_a_mutilated_file_gives_a_flow_or_findings_never_a_traceback(at: int, cut: int, piece: str) -> None:
    told(GUIDE[:at] + piece + GUIDE[at + cut :])


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_a_flow_or_findings_never_a_traceback(data: bytes) -> None:
    told(data)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(GUIDE) - 1), st.binary(min_size=1, max_size=3))
def test_broken_bytes_in_a_file_give_findings_never_a_traceback(at: int, data: bytes) -> None:
    told(GUIDE.encode()[:at] + data + GUIDE.encode()[at + len(data) :])
