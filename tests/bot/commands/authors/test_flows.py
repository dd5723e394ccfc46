"""Tests the commands about flow files."""

import json

import pytest

from bot.wiring.app import read_flows
from bot.wiring.settings import load_settings
from tests.bot.commands.support.shell import LAMP, Shell

WRONG = LAMP.replace("Whole: next", "Whole: nxet").replace("title: Press", "titel: Press")


def test_the_list_has_every_flow_on_offer_with_its_file(shell: Shell) -> None:
    shell.write("mine/lamp.yaml")
    result = shell.run("flows", "list", FLOWS_DIR="mine")
    assert result.exit_code == 0
    assert "connection-not-active" in result.stdout
    assert "The lamp stays dark" in result.stdout
    assert "mine/lamp.yaml" in result.stdout


def test_the_list_for_scripts_says_what_is_offered_and_what_replaced(shell: Shell) -> None:
    shell.write("mine/lamp.yaml")
    shell.write("mine/zz.yaml", LAMP.replace("stays dark", "is still dark"))
    shell.write("mine/broken.yaml", WRONG)
    rows = {row["file"]: row for row in shell.json("flows", "list", FLOWS_DIR="mine")}
    assert rows["mine/lamp.yaml"]["offered"] is False
    assert rows["mine/zz.yaml"]["offered"] is True
    assert rows["mine/zz.yaml"]["steps"] == 3
    assert rows["mine/broken.yaml"]["id"] is None
    assert rows["mine/broken.yaml"]["errors"] == 3


def test_a_file_without_errors_is_fine(shell: Shell) -> None:
    result = shell.run("flows", "check", shell.write("lamp.yaml"))
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "1 file: 0 errors" in result.stderr


def test_findings_name_file_line_and_column_and_end_with_code_1(shell: Shell) -> None:
    result = shell.run("flows", "check", shell.write("lamp.yaml", WRONG))
    assert result.exit_code == 1
    first, _, third = result.stdout.splitlines()
    assert first.startswith("lamp.yaml:15:")
    assert "there is no step 'nxet'" in first
    assert third.startswith("lamp.yaml:18:")
    assert "did you mean 'title'?" in third
    assert result.stderr == "1 file: 3 errors, 0 suggestions.\n"


def test_advice_is_printed_and_ends_well(shell: Shell) -> None:
    result = shell.run("flows", "check", shell.write("lamp.yaml", LAMP.split("tests:")[0]))
    assert result.exit_code == 0
    assert result.stdout.startswith("lamp.yaml:1:1: suggestion: there are no `tests`")
    assert result.stderr == "1 file: 0 errors, 1 suggestion.\n"


def test_without_a_file_all_known_flows_are_checked(shell: Shell) -> None:
    shell.write("mine/lamp.yaml", WRONG)
    assert shell.run("flows", "check").exit_code == 0
    result = shell.run("flows", "check", FLOWS_DIR="mine")
    assert result.exit_code == 1
    assert "4 files" in result.stderr


@pytest.mark.parametrize("command", ["check", "test"])
def test_a_file_that_cannot_be_opened_is_a_wrong_call(shell: Shell, command: str) -> None:
    result = shell.run("flows", command, "nowhere.yaml")
    assert result.exit_code == 2
    assert result.stderr == "Cannot open nowhere.yaml: no such file or directory\n"


def test_the_schema_for_editors_is_json(shell: Shell) -> None:
    result = shell.run("flows", "schema")
    assert result.exit_code == 0
    made = json.loads(result.stdout)
    assert {"flow", "title", "teams", "escalate", "steps"} <= set(made["properties"])


def test_the_tests_of_a_flow_are_walked(shell: Shell) -> None:
    result = shell.run("flows", "test", shell.write("lamp.yaml"))
    assert result.exit_code == 0, result.output
    assert "2 tests passed." in result.stderr


def test_a_test_that_ends_elsewhere_says_where_and_ends_with_code_1(shell: Shell) -> None:
    wrong = LAMP.replace("do: [fixed]", "do: [still failing, whole, fixed]")
    result = shell.run("flows", "test", shell.write("lamp.yaml", wrong))
    assert result.exit_code == 1
    assert result.stdout.startswith("lamp.yaml:21:")
    assert "the plug" in result.stdout
    assert "resolved at switch" in result.stdout


def test_flows_with_errors_are_not_walked(shell: Shell) -> None:
    result = shell.run("flows", "test", shell.write("lamp.yaml", WRONG))
    assert result.exit_code == 1
    assert "lamp.yaml:15:" in result.stdout


ELSEWHERE = LAMP.replace("Whole: next", "Whole: {flow: fuse}").replace(
    "title: Plug it in", "title: Plug it in\n    image: {src: plug.png, alt: The plug}"
)


def test_another_flow_and_a_picture_that_are_not_there_are_found_where_they_stand(shell: Shell) -> None:
    name = shell.write("lamp.yaml", ELSEWHERE)
    result = shell.run("flows", "check", name)
    assert result.exit_code == 1
    picture, flow, *_ = result.stdout.splitlines()
    assert picture.startswith("lamp.yaml:8:")
    assert "there is no picture 'plug.png'" in picture
    assert flow.startswith("lamp.yaml:16:")
    assert "there is no flow 'fuse'" in flow


def test_two_files_with_one_flow_are_an_error_unless_they_are_one_file(shell: Shell) -> None:
    mine, again = shell.write("mine/lamp.yaml", LAMP), shell.write("mine/again.yaml", LAMP)
    result = shell.run("flows", "check", mine, again, FLOWS_DIR="mine")
    assert result.exit_code == 1
    assert "lamp.yaml has the flow 'lamp', too" in result.stdout
    assert shell.run("flows", "check", mine).exit_code == 0
    assert shell.run("flows", "check", FLOWS_DIR="mine").exit_code == 1


def test_another_flow_is_known_from_the_files_given_the_operators_folder_and_the_library(
    shell: Shell,
) -> None:
    shell.write("plug.png", "")
    name = shell.write("lamp.yaml", ELSEWHERE)
    other = shell.write("mine/fuse.yaml", LAMP.replace("flow: lamp", "flow: fuse"))
    assert shell.run("flows", "check", name, other).exit_code == 0
    assert shell.run("flows", "check", name, FLOWS_DIR="mine").exit_code == 0
    shell.write("lamp.yaml", ELSEWHERE.replace("fuse", "printer-offline"))
    assert shell.run("flows", "check", name).exit_code == 0


def test_replies_are_checked_with_the_flows_they_are_for(shell: Shell) -> None:
    shell.write("mine/lamp.yaml")
    named = shell.write("mine/replies.yaml", "thanks: {title: Thanks, say: Thank you., flows: lmap}\n")
    result = shell.run("flows", "check", FLOWS_DIR="mine")
    assert result.exit_code == 1
    assert "mine/replies.yaml:1:1: the reply 'thanks' is for the flow 'lmap'" in result.stdout
    assert shell.run("flows", "check", named).exit_code == 1
    assert shell.run("flows", "test", "mine/lamp.yaml", named).exit_code == 0


def test_of_two_replies_of_one_id_the_operators_own_is_offered(shell: Shell) -> None:
    shell.write("mine/replies.yaml", "thanks: {title: Thanks, say: Cheers.}\n")
    shelf = read_flows(load_settings({"FLOWS_DIR": str(shell.here / "mine")}))
    said = {reply.id: reply.text for reply in shelf.catalogue.replies}
    assert said["thanks"] == "Cheers."
    assert "hello" in said


NO_ADDRESS = LAMP.replace(" email: help@lamps.example,", "")


def test_an_external_team_without_an_address_does_not_pass(shell: Shell) -> None:
    name = shell.write("lamp.yaml", NO_ADDRESS)
    for lacking in ({}, {"SUPPORT_EMAIL": "us@shop.example"}):
        result = shell.run("flows", "check", name, **lacking)
        assert result.exit_code == 1
        assert "lamp.yaml:3:9: the external team 'maker' has no address" in result.stdout
    given = shell.run("flows", "check", name, TEAM_MAKER_EMAIL="help@lamps.example")
    assert (given.exit_code, given.stdout) == (0, "")


def test_two_flows_with_one_title_or_error_text_are_a_suggestion(shell: Shell) -> None:
    worded = LAMP.replace("escalate: maker", "escalate: maker\nstart: {on_text: [is dark]}")
    shell.write("mine/lamp.yaml", worded)
    shell.write("mine/torch.yaml", worded.replace("flow: lamp", "flow: torch"))
    result = shell.run("flows", "check", FLOWS_DIR="mine")
    assert result.exit_code == 0
    assert "mine/torch.yaml:2:8: suggestion: lamp.yaml has 'The lamp stays dark', too" in result.stdout
    assert "suggestion: lamp.yaml has 'is dark', too" in result.stdout
