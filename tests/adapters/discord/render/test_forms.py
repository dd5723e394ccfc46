"""Tests Discord's forms: what they ask, within the limits, and what they leave out."""

from typing import Any

from adapters.discord.render.forms import REACH, REASON, UPLOADS, WORDS, details_form, reply_form
from flows.button import Button
from flows.events import REASONS
from tests.adapters.discord.support.schema_check import HERE, faults_of_a_form

BUTTON = Button(conversation=HERE, turn=1, built_in="person")


def fields(form: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Its fields by their ids."""
    return {label["component"]["custom_id"]: label["component"] for label in form["components"]}


def test_details_are_a_reason_text_an_address_and_files_and_none_is_required() -> None:
    form = details_form(BUTTON, 71)
    assert form["custom_id"] == f"{HERE}:1:=details"
    assert form["title"] == "Ticket #71 details"
    assert list(fields(form)) == [REASON, WORDS, REACH, UPLOADS]
    assert not any(field["required"] for field in fields(form).values())
    assert faults_of_a_form(form) == []


def test_reasons_given_already_and_asking_itself_are_not_offered() -> None:
    offered = fields(details_form(BUTTON, 71, ("asked", "cannot_find")))[REASON]["options"]
    assert [option["value"] for option in offered] == [
        reason for reason in REASONS if reason not in ("asked", "cannot_find")
    ]


def test_with_fewer_than_two_reasons_left_none_is_asked_for() -> None:
    for given in range(len(REASONS) + 1):
        form = details_form(BUTTON, 10**40, REASONS[:given], files=given % 2 == 0)
        assert faults_of_a_form(form) == []
        assert (UPLOADS in fields(form)) is (given % 2 == 0)
    assert REASON not in fields(details_form(BUTTON, 71, REASONS))


def test_a_message_must_be_filled_in_and_may_bring_files() -> None:
    form = reply_form(BUTTON)
    assert form["custom_id"] == f"say:{HERE}:1:=step"
    assert [field["required"] for field in fields(form).values()] == [True, False]
    assert faults_of_a_form(form) == []
