"""Tests what happens where the project's history is missing, as in a shallow clone."""

import subprocess
from pathlib import Path

import pytest

from tests.upgrades.support.releases import BEFORE, build_before


@pytest.mark.parametrize(
    ("in_ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)], ids=["laptop", "CI"]
)
def test_a_clone_without_the_release_before_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_ci: str, outcome: type[BaseException]
) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    monkeypatch.setenv("CI", in_ci)
    with pytest.raises(outcome, match=f"{BEFORE}.* is missing here; run git fetch --unshallow"):
        build_before(tmp_path / "source", tmp_path)
