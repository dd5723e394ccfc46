"""Tests what the start says about flow files: every error, and flows that customers cannot tell apart."""

from pathlib import Path

from bot.wiring.flow_files import read_flow_files
from tests.bot.commands.support.shell import LAMP

WORDED = LAMP.replace("escalate: maker", "escalate: maker\nstart: {on_text: [is dark]}")


def said(folder: Path, **settings: str) -> list[str]:
    """Return what is logged at the start, without the folder's name."""
    found = read_flow_files((folder,)).problems(settings)
    return [str(finding).removeprefix(f"{folder}/") for finding in found]


def test_nothing_is_said_of_a_flow_that_is_right_and_suggestions_are_left_to_the_check(
    tmp_path: Path,
) -> None:
    (tmp_path / "lamp.yaml").write_text(LAMP.split("tests:")[0])
    assert said(tmp_path) == []


def test_two_files_with_one_flow_and_two_flows_with_one_title_are_said(tmp_path: Path) -> None:
    (tmp_path / "lamp.yaml").write_text(WORDED)
    (tmp_path / "other.yaml").write_text(WORDED)
    (tmp_path / "torch.yaml").write_text(WORDED.replace("flow: lamp", "flow: torch"))
    assert said(tmp_path) == [
        "other.yaml:1:7: lamp.yaml has the flow 'lamp', too; rename one",
        "torch.yaml:2:8: suggestion: lamp.yaml has 'The lamp stays dark', too",
        "torch.yaml:5:19: suggestion: lamp.yaml has 'is dark', too",
    ]


def test_an_external_team_without_an_address_is_said_until_a_setting_gives_one(tmp_path: Path) -> None:
    (tmp_path / "lamp.yaml").write_text(LAMP.replace(" email: help@lamps.example,", ""))
    (finding,) = said(tmp_path)
    assert finding.startswith("lamp.yaml:3:9: the external team 'maker' has no address")
    assert said(tmp_path, TEAM_MAKER_EMAIL="help@lamps.example") == []
    assert read_flow_files((tmp_path,)).catalogue.flows, "customers keep the guide"
