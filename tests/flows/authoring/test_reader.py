"""Tests the reader: what a flow file compiles to, step by step."""

import time

import pytest

from flows.authoring.reader import Reading, read
from flows.flow import ESCALATED, RESOLVED, Choice, Escalation, Flow, HelpLink, Image, Step

HEAD = """\
flow: some-trouble
title: Some trouble
teams:
  helpers: The helpers
  vendor: {name: "Support of {product}", email: help@example.com, external: yes}
vars:
  product: {setting: PRODUCT_NAME, default: the product}
escalate: helpers
"""

GUIDE = (
    HEAD
    + """\
intro: What it means.
start:
  on_text: ["it broke at {when}", "it broke"]
again: Open the *window*.
steps:
  - id: power
    title: Turn it on
    say: |
      1. Press **Power**.
      2. Try again.
    test: A green light.
    why: It needs power.
    warn: Never kick it.
    fixed: Leave it on.
    image: {src: power.png, alt: The button}
    links:
      - {label: Manual, url: https://example.com/manual}
    records: {power: was off}
    check: line-up
    was: [switch, mains]
  - id: light
    title: The light
    ask: Is the light green?
    hint: It is behind the door.
    secret: password
    answers:
      Green: next
      "It's red": {to: power, records: {light: red}}
      It is off:
        choice: "off"
        id: cable
        title: The cable
        ask: Is the cable in?
        answers:
          It is in:
            id: replace
            title: Replace it
            say: Put in another cable.
            answers:
              I have none: {escalate: vendor, reason: no_cable}
          It is out: {link: order, else: {flow: other-trouble}}
          It works now: fixed
  - id: last
    title: The last resort
    say: Hit it.
tests:
  - {name: it was off, do: [fixed], ends: resolved at power}
  - {name: no cable, do: [still failing, off], ends: escalated at replace no_cable to vendor}
"""
)


def understood(text: str) -> Flow:
    """The flow of a file without mistakes."""
    reading = read(text.encode(), "some.yaml")
    assert [str(finding) for finding in reading.errors] == []
    assert reading.flow is not None
    return reading.flow


def steps(body: str) -> Flow:
    """The flow of the usual head and these steps."""
    return understood(HEAD + "steps:\n" + body)


@pytest.fixture(scope="module")
def guide() -> Flow:
    """The flow of the file above."""
    return understood(GUIDE)


def targets(step: Step) -> dict[str, str]:
    """Where the answers of a step lead."""
    return {choice.id: choice.target for choice in step.choices}


def test_the_head_of_a_file_is_the_flows_own(guide: Flow) -> None:
    assert (guide.id, guide.title, guide.intro, guide.again) == (
        "some-trouble",
        "Some trouble",
        "What it means.",
        "Open the *window*.",
    )
    assert guide.start == ("it broke at {when}", "it broke")
    assert guide.escalate == Escalation(team="helpers", reason="guide_exhausted")


def test_a_team_is_a_name_or_a_mapping(guide: Flow) -> None:
    helpers, vendor = guide.teams
    assert (helpers.name, helpers.email, helpers.external) == ("The helpers", None, False)
    assert (vendor.name, vendor.email, vendor.external) == ("Support of {product}", "help@example.com", True)


def test_a_variable_names_its_setting_and_what_stands_there_without_it(guide: Flow) -> None:
    (product,) = guide.vars
    assert (product.name, product.setting, product.default) == ("product", "PRODUCT_NAME", "the product")


def test_a_step_keeps_everything_it_says(guide: Flow) -> None:
    power = guide.by_id["power"]
    assert power.text == "1. Press **Power**.\n2. Try again."
    assert (power.test, power.why, power.warn, power.fixed) == (
        "A green light.",
        "It needs power.",
        "Never kick it.",
        "Leave it on.",
    )
    assert power.image == Image(src="power.png", alt="The button")
    assert power.links == (HelpLink(label="Manual", url="https://example.com/manual"),)
    assert power.records == (("power", "was off"),)
    assert (power.check, power.was, power.observes) == ("line-up", ("switch", "mains"), False)
    assert guide.by_id["mains"] is power


def test_something_to_do_offers_fixed_it_and_still_failing(guide: Flow) -> None:
    fixed, failing = guide.first.choices
    assert fixed == Choice(id="fixed", label="Fixed it", fixed=True)
    assert failing == Choice(id="still-failing", label="Still failing", to="light")


def test_still_failing_at_the_last_step_leads_to_a_person(guide: Flow) -> None:
    assert targets(guide.by_id["last"])["still-failing"] == f"{ESCALATED}/helpers/guide_exhausted"


def test_something_to_look_at_offers_its_answers_and_cant_find(guide: Flow) -> None:
    light = guide.by_id["light"]
    assert light.observes
    assert [choice.label for choice in light.choices] == [
        "Green",
        "It's red",
        "It is off",
        "I can't find this",
    ]
    assert targets(light) == {"green": "last", "its-red": "power", "off": "cable", "cant-find": "light-hint"}


def test_a_hint_is_a_step_with_the_same_answers_whose_cant_find_leads_to_a_person(guide: Flow) -> None:
    light, hint = guide.by_id["light"], guide.by_id["light-hint"]
    assert hint.text == "It is behind the door.\n\nIs the light green?"
    assert hint.choices[:-1] == light.choices[:-1]
    assert targets(hint)["cant-find"] == f"{ESCALATED}/helpers/cannot_find"
    assert (hint.title, hint.part, hint.parent, hint.secret) == (light.title, light.part, "light", "password")


def test_without_a_hint_cant_find_leads_to_a_person(guide: Flow) -> None:
    assert targets(guide.by_id["cable"])["cant-find"] == f"{ESCALATED}/helpers/cannot_find"


def test_records_of_an_answer_belong_to_it(guide: Flow) -> None:
    red = guide.by_id["light"].choice("its-red")
    assert red is not None
    assert red.records == (("light", "red"),)


def test_a_nested_step_has_the_part_of_its_parent_and_rejoins_the_list(guide: Flow) -> None:
    cable, replace = guide.by_id["cable"], guide.by_id["replace"]
    assert [(step.part, step.parent) for step in (cable, replace)] == [(2, "light"), (2, "cable")]
    assert targets(replace)["still-failing"] == "last"


def test_steps_stand_in_the_order_of_the_file_each_with_its_hint_and_what_is_nested(guide: Flow) -> None:
    assert [step.id for step in guide.steps] == ["power", "light", "light-hint", "cable", "replace", "last"]
    assert guide.parts == 3


def test_an_answer_can_lead_to_a_team_another_flow_or_an_end(guide: Flow) -> None:
    cable = guide.by_id["cable"]
    assert targets(guide.by_id["replace"])["i-have-none"] == f"{ESCALATED}/vendor/no_cable"
    assert targets(cable)["it-works-now"] == RESOLVED
    out = cable.choice("it-is-out")
    assert out is not None
    assert (out.link, out.flow) == ("order", "other-trouble")


def test_next_at_the_last_step_and_escalate_lead_to_whom_the_flow_escalates() -> None:
    flow = steps("  - {id: a, title: A, ask: B?, answers: {Yes: next, No: escalate, Perhaps: fixed}}\n")
    assert set(targets(flow.first).values()) == {
        f"{ESCALATED}/helpers/guide_exhausted",
        f"{ESCALATED}/helpers/cannot_find",
        RESOLVED,
    }


def test_a_nested_next_at_the_last_step_leads_to_a_person() -> None:
    flow = steps(
        "  - {id: a, title: A, ask: B?, answers: {Yes: fixed, No: {id: b, title: B, ask: C?, answers: {D: next}}}}\n"
    )
    assert targets(flow.by_id["b"])["d"] == f"{ESCALATED}/helpers/guide_exhausted"


def test_a_nested_step_may_stand_under_else() -> None:
    flow = steps(
        "  - id: a\n    title: A\n    ask: B?\n    answers:\n      C:\n        link: setup\n"
        "        else: {id: b, title: B, say: C}\n"
    )
    choice = flow.first.choice("c")
    assert choice is not None
    assert (choice.link, choice.to) == ("setup", "b")


def test_an_escalation_without_a_reason_was_asked_for() -> None:
    flow = steps("  - {id: a, title: A, say: B, answers: {A person: {escalate: vendor}}}\n")
    assert targets(flow.first)["a-person"] == f"{ESCALATED}/vendor/asked"


def test_escalate_may_bring_its_own_reason() -> None:
    flow = understood(GUIDE.replace("escalate: helpers", "escalate: {to: vendor, reason: gave_up}"))
    assert flow.escalate == Escalation(team="vendor", reason="gave_up")


@pytest.mark.parametrize(
    ("label", "choice"),
    [
        ("I don't have it", "i-dont-have-it"),
        ("Déjà vu!", "deja-vu"),
        ("2 or more", "2-or-more"),
        ("A/B", "a-b"),
    ],
)
def test_an_answer_without_an_id_gets_its_labels_slug(label: str, choice: str) -> None:
    flow = steps(f'  - {{id: a, title: A, ask: B?, answers: {{"{label}": fixed}}}}\n')
    assert flow.first.choices[0].id == choice


def test_every_scalar_is_a_text() -> None:
    flow = steps("  - {id: a, title: 404, say: yes, records: {0x10: 1.50, null: ~}}\n")
    assert (flow.first.title, flow.first.text) == ("404", "yes")
    assert flow.first.records == (("0x10", "1.50"), ("null", "~"))


@pytest.mark.parametrize("word", ["yes", "true", "Yes", "on"])
def test_yes_is_said_in_many_ways(word: str) -> None:
    assert understood(GUIDE.replace("external: yes", f"external: {word}")).teams[1].external


def test_a_byte_order_mark_and_windows_line_ends_are_fine(guide: Flow) -> None:
    reading = read(b"\xef\xbb\xbf" + GUIDE.replace("\n", "\r\n").encode(), "some.yaml")
    assert reading.flow is not None
    assert reading.flow.revision == guide.revision


def test_places_say_where_things_stand() -> None:
    reading = read(GUIDE.encode(), "some.yaml")
    lines = GUIDE.splitlines()
    assert lines[reading.places["power"][0] - 1] == "  - id: power"
    assert reading.places["power"][1] == 5
    assert lines[reading.places["light.answers.off"][0] - 1].strip() == "It is off:"
    assert lines[reading.places[".teams.vendor"][0] - 1].strip().startswith("vendor:")
    assert {step.id for step in (reading.flow.steps if reading.flow else ())} <= set(reading.places)


def test_another_text_gives_another_revision(guide: Flow) -> None:
    assert understood(GUIDE.replace("Hit it.", "Hit it twice.")).revision != guide.revision


def test_a_flow_goes_through_json_unchanged(guide: Flow) -> None:
    assert Flow.model_validate_json(guide.canonical()).revision == guide.revision


def test_reading_takes_time_in_proportion_to_the_steps() -> None:
    def seconds(count: int) -> float:
        body = "".join(
            f"  - id: step-{n}\n    title: Step {n}\n    say: |\n      1. Tick **Box {n}**.\n      2. Try again.\n"
            for n in range(count)
        )
        began = time.process_time()
        assert len(steps(body).steps) == count
        return time.process_time() - began

    assert any(seconds(500) < 12 * seconds(100) for _ in range(5))  # quadratic would be 25 times


def test_a_reading_without_a_flow_says_why() -> None:
    reading = read(b"", "empty.yaml")
    assert (isinstance(reading, Reading), reading.flow) == (True, None)
    (error,) = reading.errors
    assert str(error) == "empty.yaml:1:1: the file is empty; start with `flow: an-id`"
