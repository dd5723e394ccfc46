"""Tests lint: every step of a flow leads to an end, and every part can be reached and read."""

import pytest

from flows.authoring.findings import Finding
from flows.authoring.lint import lint
from flows.authoring.reader import read
from flows.flow import Choice, Escalation, Flow, Step, Team
from tests.flows.authoring.test_reader import HEAD
from tests.flows.authoring.test_refusals import body, marked, told


def advised(text: str) -> list[str]:
    """The advice on a file without mistakes."""
    reading = read(text.encode(), "f.yaml")
    assert reading.errors == ()
    return [finding.reason for finding in reading.findings]


def check(steps: str, reason: str) -> None:
    """The one finding of these steps stands where the ¶ is."""
    text = body(steps)
    assert told(text.replace("¶", "")) == [marked(text, reason)]


def test_steps_that_only_lead_round_in_a_circle_are_an_error() -> None:
    text = body(
        "  - {id: a, title: A, ask: B?, answers: {C: next, D: b}}\n"
        "  - {id: b, title: A, ask: B?, hint: E, answers: {C: a}}\n"
    )
    circle = "only lead in a circle; at least one must lead to an end"
    assert told(text) == [
        f"10:41: the answers of 'a' {circle}",
        f"11:50: the answers of 'b' {circle}",
        f"11:50: the answers of 'b-hint' {circle}",
    ]


def test_a_circle_with_a_way_out_is_fine() -> None:
    text = body(
        "  - {id: a, title: A, ask: B?, answers: {C: next}}\n"
        "  - {id: b, title: A, ask: B?, answers: {C: a, D: fixed}}\n"
    )
    assert told(text) == []


def test_cant_find_is_no_end_that_an_author_gave() -> None:
    check(
        "  - {id: a, title: A, ask: B?, answers: ¶{C: a}}\n",
        "the answers of 'a' only lead in a circle; at least one must lead to an end",
    )


@pytest.mark.parametrize("way_out", ["fixed", "escalate", "next", "{flow: other}", "{escalate: vendor}"])
def test_an_end_is_a_fix_a_person_or_another_flow(way_out: str) -> None:
    assert told(body(f"  - {{id: a, title: A, ask: B?, answers: {{C: {way_out}}}}}\n")) == []


def test_a_step_that_no_answer_leads_to_is_an_error() -> None:
    check(
        "  - {id: a, title: A, ask: B?, answers: {C: c}}\n"
        "  - {id: ¶b, title: A, say: B}\n"
        "  - {id: c, title: A, say: B}\n",
        "no answer leads to the step 'b'",
    )


def test_two_buttons_alike_are_an_error_whatever_the_case() -> None:
    check(
        "  - {id: a, title: A, ask: B?, answers: {Is  it: fixed, ¶is it: {choice: other, to: escalate}}}\n",
        "the label 'is it' is already used by another answer of this step",
    )


def test_a_button_like_one_of_the_built_in_ones_is_an_error() -> None:
    check(
        "  - {id: a, title: A, say: B, answers: {¶fixed IT: {choice: own, to: fixed}}}\n",
        "the label 'fixed IT' is already used by another answer of this step",
    )
    check(
        "  - {id: a, title: A, say: B, answers: {¶Talk to a person: escalate}}\n",
        "the label 'Talk to a person' is already used by a button that every step has",
    )


def test_what_is_shown_as_it_is_holds_no_variable() -> None:
    check(
        '  - {id: a, title: A, say: B, links: ¶[{label: "See {product}", url: "https://x.example"}]}\n',
        "'See {product}' is shown as written and cannot contain a {variable}",
    )
    check(
        '  - {id: a, title: A, say: B, answers: {¶"Ask {product}": escalate}}\n',
        "'Ask {product}' is shown as written and cannot contain a {variable}",
    )


@pytest.mark.parametrize(
    "words",
    [
        "Type your Password.",
        "the pass word",
        "a passcode",
        "your API key",
        "the api-keys",
        "a secret key",
        "your PIN",
    ],
)
def test_a_step_that_speaks_of_a_password_says_what_must_not_be_typed(words: str) -> None:
    (line,) = told(body(f"  - {{id: a, title: A, say: B, warn: {words}}}\n"))
    assert "to warn customers not to type it here" in line
    assert told(body(f"  - {{id: a, title: A, say: B, warn: {words}, secret: password}}\n")) == []


@pytest.mark.parametrize(
    "words", ["Pin it to the wall", "the key of the door", "a secretary", "a passing word"]
)
def test_a_step_that_only_sounds_like_it_needs_no_secret(words: str) -> None:
    assert told(body(f"  - {{id: a, title: A, say: {words}}}\n")) == []


def test_a_variable_that_nobody_declared_is_an_error_where_it_stands() -> None:
    check(
        "  - {id: a, title: A, say: ¶'Open {prodct}.'}\n",
        "there is no variable 'prodct' under `vars`; did you mean 'product'?",
    )
    check(
        "  - {id: a, title: A, say: B, links: ¶[{label: L, url: '{guide}'}]}\n",
        "there is no variable 'guide' under `vars`",
    )
    text = HEAD.replace('"Support', '"{who} Support') + "steps: [{id: a, title: A, say: B}]\n"
    assert told(text) == ["5:3: there is no variable 'who' under `vars`"]


def test_a_variable_or_team_that_nobody_needs_is_worth_advice() -> None:
    text = (
        HEAD.replace("{product}", "us")
        + "steps: [{id: a, title: A, say: B}]\ntests: [{name: n, do: fixed, ends: resolved at a}]\n"
    )
    assert advised(text) == ["the team 'vendor' is never used", "the variable 'product' is never used"]


def test_whom_the_flow_escalates_to_is_declared() -> None:
    text = HEAD.replace("escalate: helpers", "escalate: helper") + "steps: [{id: a, title: A, say: B}]\n"
    assert told(text) == ["8:11: there is no team 'helper' under `teams`; did you mean 'helpers'?"]


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        (
            "it broke at {when} again",
            "a capture extends to the end of its line, so nothing can follow it there",
        ),
        ("it broke {a}{b}", "a capture extends to the end of its line, so nothing can follow it there"),
        ("it broke {When}", "a capture is {name}, of a-z, 0-9 and underscores, not 'When'"),
        ("it broke at {when", "unmatched brace; write a capture as {name}"),
        ("{what}", "'{what}' would match nearly every text; add more words"),
        ("it", "'it' would match nearly every text; add more words"),
    ],
)
def test_a_text_that_starts_a_flow_can_be_found(pattern: str, reason: str) -> None:
    start = f'start: {{on_text: ["it is off", "{pattern}"]}}\n'
    lines = told(HEAD + start + "steps: [{id: a, title: A, say: B}]\n")
    assert f"9:32: {reason}" in lines


def test_a_capture_of_one_name_stands_once_in_a_text() -> None:
    start = "start:\n  on_text:\n    - |-\n      broken {a}\n      at {a}\n"
    assert told(HEAD + start + "steps: [{id: a, title: A, say: B}]\n") == [
        "11:7: the capture 'a' is used twice"
    ]


def test_a_step_that_shows_too_much_is_an_error() -> None:
    check(
        f"  - ¶{{id: a, title: A, say: {'b' * 2400}, why: {'c' * 600}, warn: {'d' * 600}}}\n",
        "the step has 3601 characters in total; at most 3600 fit on every channel",
    )


def test_a_step_with_too_many_answers_is_an_error() -> None:
    answers = ", ".join(f"C{n}: fixed" for n in range(20))
    assert told(body(f"  - {{id: a, title: A, ask: B?, answers: {{{answers}}}}}\n")) == []
    check(
        f"  - {{id: a, title: A, ask: B?, answers: ¶{{{answers}, D: fixed}}}}\n",
        "a step can have at most 21 answers, including the built-in ones",
    )


def test_a_flow_made_without_a_file_can_be_checked_too() -> None:
    end = Escalation(team="us", reason="asked")
    round_about = Step(id="a", title="A", text="B", choices=(Choice(id="c", label="C", to="a"),))
    flow = Flow(id="f", title="F", teams=(Team(id="us", name="Us"),), escalate=end, steps=(round_about,))
    assert lint(flow, {}, "made.yaml") == (
        Finding(
            file="made.yaml",
            line=1,
            column=1,
            reason="the answers of 'a' only lead in a circle; at least one must lead to an end",
        ),
    )
