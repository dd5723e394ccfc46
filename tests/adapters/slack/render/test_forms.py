"""Tests Slack's modals: what they ask, where the answers are, and that Slack accepts them with any content."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.render import forms
from flows.button import Button
from flows.events import REASONS, Nap
from flows.text.phrases import reason_label
from tests.adapters.slack.support.schema_check import HERE, texts
from tests.fakes.slack.surfaces import faults_of_a_view

BUTTON = Button(conversation=HERE, turn=3, built_in="details")
LABELS = [(reason, reason_label(reason)) for reason in REASONS if reason != "asked"]
NAPS: tuple[Nap, ...] = ("hour", "tomorrow", "computer")


def inputs(view: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The questions by the id under which their answers come back; Slack takes the view."""
    assert faults_of_a_view(view, "modal") == []
    found = {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}
    assert all(block["element"]["action_id"] == name for name, block in found.items())
    return found


def test_nothing_in_the_form_for_details_has_to_be_filled_in() -> None:
    view = forms.details_form(BUTTON, 71, LABELS)
    asked = inputs(view)
    assert list(asked) == [forms.REASON, forms.WHAT, forms.REACH, forms.FILES]
    assert all(block["optional"] for block in asked.values())
    assert (view["callback_id"], view["title"]["text"]) == ("details", "Ticket #71 details")
    assert (view["submit"]["text"], view["close"]["text"]) == ("Send", "Skip")


def test_the_form_knows_whose_it_is() -> None:
    for view in (
        forms.details_form(BUTTON, 71, LABELS),
        forms.later_form(BUTTON),
        forms.colleague_form(BUTTON),
    ):
        assert Button.parse(view["private_metadata"]) == BUTTON


def test_a_reason_takes_one_tap() -> None:
    asked = inputs(forms.details_form(BUTTON, 71, LABELS))[forms.REASON]["element"]
    assert asked["type"] == "radio_buttons"
    assert [option["value"] for option in asked["options"]] == [reason for reason, _ in LABELS]
    assert asked["options"][0]["text"]["text"] == "I can't find what the step mentions"


def test_more_reasons_than_slack_shows_at_once_become_a_menu_and_none_are_not_asked_for() -> None:
    many = [(f"r{number}", f"Reason {number}") for number in range(30)]
    assert inputs(forms.details_form(BUTTON, 71, many))[forms.REASON]["element"]["type"] == "static_select"
    assert forms.REASON not in inputs(forms.details_form(BUTTON, 71, []))


def test_screenshots_are_asked_for_where_the_app_may_read_them() -> None:
    asked = inputs(forms.details_form(BUTTON, 71, LABELS))[forms.FILES]["element"]
    assert (asked["type"], asked["max_files"]) == ("file_input", forms.SCREENSHOTS)
    assert forms.FILES not in inputs(forms.details_form(BUTTON, 71, LABELS, files=False))


def test_later_offers_the_three_naps() -> None:
    asked = inputs(forms.later_form(BUTTON))[forms.UNTIL]["element"]
    assert [option["value"] for option in asked["options"]] == list(NAPS)
    assert asked["initial_option"]["value"] == "hour"


def test_a_colleague_is_picked_among_the_people_of_the_workspace() -> None:
    asked = inputs(forms.colleague_form(BUTTON))[forms.WHO]
    assert (asked["label"]["text"], asked["element"]["type"], asked["optional"]) == (
        "Who should continue?",
        "users_select",
        False,
    )


def summary(text: str, email: str = "help@lamps.example") -> list[str]:
    """The texts of the summary's view, which Slack takes: the lead first, then what is to be copied."""
    view = forms.summary_view(text, 71, email)
    assert faults_of_a_view(view, "modal") == []
    assert "submit" not in view
    lead, *pieces = view["blocks"]
    return ["".join(texts(lead)), *("".join(texts(piece)) for piece in pieces)]


def test_a_summary_stands_in_one_piece_with_the_address_to_send_it_to() -> None:
    text = "Ticket #71: The lamp stays dark\n\nTried:\n1. Plug it in · Still failing"
    assert summary(text) == ["Email help@lamps.example and paste this summary:", text]
    assert summary(text, "")[0] == "Copy this summary:"
    assert summary(text, "<!channel>")[0] == "Copy this summary:"


def test_a_long_summary_is_broken_between_lines_and_nothing_is_lost() -> None:
    lines = [f"{number}. A step with a long title · Still failing" for number in range(300)]
    _, *pieces = summary("\n".join(lines))
    assert len(pieces) > 1
    assert "\n".join(pieces).split("\n") == lines


def test_a_summary_without_end_is_cut() -> None:
    pieces = summary("word " * 100_000)[1:]
    assert len(pieces) == forms.PAGES
    assert pieces[-1].endswith("…")


@given(
    st.text(max_size=200),
    st.text(max_size=50),
    st.lists(st.tuples(st.text(max_size=90), st.text(max_size=300)), max_size=12),
)
def test_slack_takes_the_forms_whatever_is_in_them(
    text: str, email: str, reasons: list[tuple[str, str]]
) -> None:
    summary(text, email)
    inputs(
        forms.details_form(
            BUTTON, 10**30, [(f"r{number}", label) for number, (_, label) in enumerate(reasons)]
        )
    )
