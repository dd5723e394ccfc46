"""Tests `heard`, the customers' words for an answer and for a flow, and `I can't find this: no`."""

from typing import Final

import pytest

from flows import limits
from flows.authoring.reader import Reading, read
from flows.authoring.references import alike
from flows.flow import CANT_FIND, Flow
from flows.text.understanding import understand
from tests.flows.authoring.test_lint import advised
from tests.flows.authoring.test_reader import GUIDE, HEAD
from tests.flows.authoring.test_refusals import ASK, body, marked, told

BOX: Final = """\
  - id: box
    title: Look at the box
    ask: Is the box blank?
    answers:
      Blank: {to: next, heard: [yes, it's empty, nothing in it]}
      Has a value: {to: fixed, heard: no}
"""


def compiled(text: str) -> Flow:
    reading = read(text.encode(), "f.yaml")
    assert reading.flow is not None, told(text)
    return reading.flow


def suggestions(text: str) -> list[str]:
    """The advice on a file, but not what these short files all lack."""
    return [reason for reason in advised(text) if "`tests`" not in reason and "is never used" not in reason]


def test_the_words_of_an_answer_are_kept_in_order_and_yes_and_no_are_words() -> None:
    blank, value, _ = compiled(body(BOX)).first.choices
    assert blank.heard == ("yes", "it's empty", "nothing in it")
    assert value.heard == ("no",)


def test_a_nested_step_and_an_answer_with_a_link_may_have_words_too() -> None:
    nested = "D: {heard: [one], id: b, title: T, say: x}, E: {link: order, else: fixed, heard: [two]}"
    first = compiled(body(ASK % nested)).first
    assert [choice.heard for choice in first.choices] == [("one",), ("two",), ()]


def test_the_words_for_the_problem_stand_at_the_head_of_the_file() -> None:
    flow = compiled(HEAD + "heard: [it won't sync, nothing comes over]\nsteps:\n" + BOX)
    assert flow.heard == ("it won't sync", "nothing comes over")


def test_a_file_without_heard_compiles_to_the_revision_it_always_had() -> None:
    assert compiled(GUIDE).revision == "f65cdfa2573c7503"


def test_words_give_another_revision() -> None:
    assert compiled(body(BOX)).revision != compiled(body(BOX.replace("[yes, ", "["))).revision


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[yes, ¶[a]]", "'heard' must be text, not a list; put text that starts with { or [ in quotes"),
        ("¶{a: b}", "'heard' must be a list (`- item`), not a mapping (`name: value`)"),
        ("¶[]", "'heard' must be a list (`- item`), not an empty list"),
        ("[yes, ¶'']", "'heard' is empty"),
        ('[¶"two\\nlines"]', "'heard' must be one line"),
        (f"[¶{'a' * 151}]", "'heard' has 151 characters; at most 150 fit on every channel"),
        (
            "[" + "a, " * limits.HEARD_TEXTS + "¶b]",
            f"'heard' has 101 texts; at most {limits.HEARD_TEXTS} are allowed",
        ),
    ],
)  # fmt: skip
def test_a_mistake_in_heard_is_told_with_its_place(text: str, reason: str) -> None:
    for file in (body(ASK % f"C: {{to: fixed, heard: {text}}}"), HEAD + f"heard: {text}\nsteps:\n{BOX}"):
        assert marked(file, reason) in told(file.replace("¶", ""))


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ("C: {to: next, heard: [yes]}, D: {to: next, heard: [Yes!]}",
            "'Yes!' is also under `heard` of another answer, so it means neither"),
        ("C: {to: next, heard: [dark]}, Dark: fixed",
            "'dark' is the label of another answer, 'Dark', so it means neither"),
        ("C: {to: next, heard: [it is red, it's red]}", "\"it's red\" is already understood as this answer; delete it"),
        ("Red: {to: next, heard: [red]}", "'red' is already understood as this answer; delete it"),
        ("C: {to: next, heard: [go back]}", "'go back' already means the button 'Back'"),
        ("C: {to: next, heard: [talk to a human]}", "'talk to a human' already means the button 'Talk to a person'"),
        ("C: {to: next, heard: [not now]}", "'not now' already means the button 'Later'"),
        ("C: {to: next, heard: [where is it]}", "'where is it' already means the button \"I can't find this\""),
        ("C: {to: next, heard: [thanks]}", "'thanks' has no words to understand"),
        ("C: {to: next, heard: [••••••••]}", "'••••••••' has no words to understand"),
    ],
)  # fmt: skip
def test_words_that_two_answers_share_or_that_mean_a_button_are_advised_against(
    answers: str, reason: str
) -> None:
    assert suggestions(body(ASK % f"{answers}, E: fixed")) == [reason]


def test_words_that_mean_still_failing_are_advised_against_only_where_it_is_offered() -> None:
    say = "  - {id: a, title: A, say: B, answers: {C: {to: fixed, heard: [no luck]}}}\n"
    assert suggestions(body(say)) == ["'no luck' already means the button 'Still failing'"]
    assert suggestions(body(ASK % "C: {to: fixed, heard: [no luck]}")) == []


def test_the_words_of_a_step_with_a_hint_are_advised_against_once() -> None:
    asked = "  - {id: a, title: A, ask: B?, hint: H, answers: {C: {to: fixed, heard: [go back]}}}\n"
    assert len(suggestions(body(asked))) == 1


def test_words_for_the_problem_that_say_nothing_new_are_advised_against() -> None:
    text = HEAD + "heard: [it broke, It broke!, some trouble, human please, ok]\nsteps:\n" + BOX
    assert suggestions(text) == [
        "'It broke!' is already the title or under `heard`; delete it",
        "'some trouble' is already the title or under `heard`; delete it",
        "'human please' already means the button 'Talk to a person'",
        "'ok' has no words to understand",
    ]


def other(file: str, flow: str) -> Reading:
    text = (
        HEAD.replace("some-trouble", flow).replace("Some trouble", flow) + "heard: [It won't sync]\nsteps:\n"
    )
    return read((text + BOX).encode(), file)


def test_two_flows_that_share_words_for_their_problem_are_a_suggestion() -> None:
    one, two = other("a/one.yaml", "one"), other("a/two.yaml", "two")
    found = alike([one, two], [each.flow for each in (one, two) if each.flow])
    assert [finding.reason for finding in found] == ['one.yaml has "It won\'t sync", too']
    assert (found[0].level, found[0].line) == ("advice", 9)


@pytest.mark.parametrize("title", ["Is it on?", "Is it on? ", "入っていますか\uff1f"])
def test_a_question_as_the_title_of_something_to_do_is_advised_against(title: str) -> None:
    reason = "a step with `say` offers Fixed it, so give it a title that says what to do, not a question"
    assert suggestions(body(f'  - {{id: a, title: "{title}", say: B}}\n')) == [reason]
    assert suggestions(body(f'  - {{id: a, title: "{title}", ask: B, answers: {{C: fixed}}}}\n')) == []


# ---- I can't find this: no -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("no", ["no", "No", "off", "false"])
@pytest.mark.parametrize("label", ["I can't find this", "i can\u2019t find this"])
def test_no_takes_i_cant_find_this_away(label: str, no: str) -> None:
    step = compiled(body(ASK % f"{label}: {no}, C: {{to: next, heard: [can't find it]}}")).first
    assert [choice.id for choice in step.choices] == ["c"]
    heard = [(choice.id, words) for choice in step.choices for words in (choice.label, *choice.heard)]
    assert understand(heard, "where is it", asks=True) is None
    assert understand(heard, "I can't find it", asks=True) == "c"
    assert step.choice(CANT_FIND) is None


def test_no_is_accepted_only_where_there_is_an_answer_left_and_no_hint() -> None:
    alone = body("  - {id: a, title: A, ask: B?, answers: ¶{I can't find this: no}}\n")
    assert marked(alone, "a step with `ask` needs an answer of its own") in told(alone.replace("¶", ""))
    hint = body("  - {id: a, title: A, ask: B?, ¶hint: H, answers: {I can't find this: no, C: next}}\n")
    assert told(hint.replace("¶", "")) == [
        marked(hint, '`hint` is shown after "I can\'t find this", which is turned off here')
    ]


@pytest.mark.parametrize("lead", ["next", "yes", "{to: fixed}"])
def test_anything_else_for_i_cant_find_this_is_an_error(lead: str) -> None:
    text = body(ASK % f"I can't find this: ¶{lead}, C: next")
    reason = 'every question already has "I can\'t find this"; write `no` here to take it away'
    assert told(text.replace("¶", "")) == [marked(text, reason)]


def test_a_step_with_fixed_it_may_have_an_answer_of_that_name() -> None:
    step = compiled(body("  - {id: a, title: A, say: B, answers: {I can't find this: escalate}}\n")).first
    assert [choice.id for choice in step.choices] == ["fixed", "still-failing", "i-cant-find-this"]
