"""Tests walking a flow with given answers: the output and the exit codes."""

import json
from typing import Any

import pytest

from tests.bot.commands.support.shell import LAMP, Shell


def played(shell: Shell, answers: str, code: int, flow: str = "lamp.yaml") -> list[dict[str, Any]]:
    """Every line of standard output as JSON, which all of them must be."""
    shell.write("lamp.yaml")
    result = shell.run("play", flow, "--answers", answers, "--json", LOG_LEVEL="debug")
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_turn_and_the_end_are_one_object_a_line(shell: Shell) -> None:
    name = shell.write("lamp.yaml")
    done = shell.process("play", name, "--answers", "fixed", "--json", LOG_LEVEL="debug")
    assert done.returncode == 0, done.stderr
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {
            "step": "plug",
            "title": "Plug it in",
            "text": "Push the plug all the way in.",
            "warning": "Never with wet hands.",
            "choices": [
                {"id": "fixed", "label": "Fixed it"},
                {"id": "still-failing", "label": "Still failing"},
            ],
        },
        {
            "ended": "resolved",
            "at": "plug",
            "reason": None,
            "team": None,
            "text": "Glad it's working again.\n\nGood plug.",
        },
    ]


def test_a_walk_to_a_person_says_why_and_who(shell: Shell) -> None:
    *turns, end = played(shell, "Still Failing, BROKEN, still-failing", 0)
    assert [turn["step"] for turn in turns] == ["plug", "bulb", "switch"]
    assert (end["ended"], end["at"], end["reason"], end["team"]) == (
        "escalated",
        "switch",
        "guide_exhausted",
        "maker",
    )


def test_back_restart_and_person_are_answers_everywhere(shell: Shell) -> None:
    *turns, end = played(shell, "still failing,back,still failing,restart,person", 0)
    assert [turn["step"] for turn in turns] == ["plug", "bulb", "plug", "bulb", "plug"]
    assert (end["ended"], end["reason"]) == ("escalated", "asked")


def test_an_answer_that_is_not_offered_names_those_that_are(shell: Shell) -> None:
    shell.write("lamp.yaml")
    done = shell.run("play", "lamp.yaml", "--answers", "still failing,fixed", "--json")
    assert done.exit_code == 2
    assert [json.loads(line)["step"] for line in done.stdout.splitlines()] == ["plug", "bulb"]
    (line,) = done.stderr.splitlines()
    for offered in ("whole", "broken", "cant-find", "back", "restart", "person"):
        assert offered in line


def test_an_answer_after_the_end_is_not_offered_either(shell: Shell) -> None:
    assert len(played(shell, "fixed,fixed", 2)) == 2


@pytest.mark.parametrize("answers", ["", " ", ","])
def test_without_answers_the_first_turn_is_shown_and_they_have_run_out(shell: Shell, answers: str) -> None:
    (turn,) = played(shell, answers, 3)
    assert turn["step"] == "plug"


def test_answers_that_run_out_end_with_code_3_after_the_last_turn(shell: Shell) -> None:
    assert [turn["step"] for turn in played(shell, "still failing", 3)] == ["plug", "bulb"]


def test_an_answer_with_a_comma_goes_in_quotes(shell: Shell) -> None:
    name = shell.write(
        "lamp.yaml", LAMP.replace("Whole: next", '"Whole, I think": {to: next, choice: whole}')
    )
    result = shell.run("play", name, "--answers", 'still failing, "whole, i think", fixed', "--json")
    assert result.exit_code == 0, result.output


def test_a_flow_on_offer_is_named_by_its_id(shell: Shell) -> None:
    turns = played(
        shell, "still failing,still failing,still failing,blank,dots", 0, flow="connection-not-active"
    )
    assert turns[-1]["reason"] == "guide_exhausted"


def test_the_words_of_the_settings_are_in_the_texts(shell: Shell) -> None:
    result = shell.run("play", "connection-not-active", "--json", PRODUCT_NAME="Lamps & Sons")
    assert "Lamps & Sons" in json.loads(result.stdout)["text"]


def test_for_people_it_is_readable(shell: Shell) -> None:
    result = shell.run("play", shell.write("lamp.yaml"), "--answers", "still failing,whole,fixed")
    assert result.exit_code == 0
    assert "-- plug: Plug it in" in result.stdout
    assert "! Never with wet hands." in result.stdout
    assert "  [broken] Broken" in result.stdout
    assert "== resolved at switch" in result.stdout


def test_a_file_with_errors_is_not_walked(shell: Shell) -> None:
    result = shell.run(
        "play", shell.write("lamp.yaml", LAMP.replace("next", "nxet")), "--answers", "fixed", "--json"
    )
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "lamp.yaml:15:" in result.stderr


@pytest.mark.parametrize("name", ["toaster", "nowhere.yaml"])
def test_a_flow_that_is_not_there_is_a_wrong_call(shell: Shell, name: str) -> None:
    result = shell.run("play", name, "--json")
    assert result.exit_code == 2
    assert result.stdout == ""


def test_nothing_is_stored(shell: Shell) -> None:
    played(shell, "person", 0)
    assert [path.name for path in shell.here.iterdir()] == ["lamp.yaml"]
