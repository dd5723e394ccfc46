"""Tests that of a folder of flows only the pictures that a step names are served."""

from pathlib import Path

import pytest

from bot.wiring.app import read_flows
from bot.wiring.settings import load_settings

FLOW = """\
flow: lamp
title: The lamp stays dark
teams: {maker: Lamp support}
escalate: maker
steps:
  - id: plug
    title: Plug it in
    image: {src: plug.png, alt: A plug}
    say: Push the plug in.
"""


@pytest.mark.row("security", "The folder of flows serves other files than its pictures")
def test_a_folder_of_flows_shows_no_other_file_than_its_pictures(tmp_path: Path) -> None:
    shelf = tmp_path / "flows"
    shelf.mkdir()
    (shelf / "lamp.yaml").write_text(FLOW, encoding="utf-8")
    for name in ("plug.png", "secret.txt", "../secret.txt"):
        (shelf / name).write_bytes(name.encode())
    files = read_flows(load_settings({"FLOWS_DIR": str(shelf)}))
    revision = files.catalogue.by_id["lamp"].revision
    assert files.picture(revision, "plug.png") == (b"plug.png", "image/png")
    for name in (
        "secret.txt",
        "lamp.yaml",
        "../secret.txt",
        "../flows/plug.png",
        "/etc/passwd",
        "plug.png\x00",
        "",
    ):
        assert files.picture(revision, name) is None, name
    assert files.picture("another", "plug.png") is None
