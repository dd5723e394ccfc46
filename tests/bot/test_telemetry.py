"""Tests that logs never contain the values of a failing function."""

import logging

import pytest
import structlog

from bot.telemetry import configure, log


@pytest.mark.parametrize("style", ["human", "json"])
def test_a_traceback_does_not_show_the_values_at_hand(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before, level = root.handlers, root.level
    try:
        configure(style, "info")
        fail("hunter2")
    finally:
        root.handlers, root.level = before, level
        structlog.reset_defaults()
    told = capsys.readouterr().err
    assert "ZeroDivisionError" in told
    assert "hunter2" not in told


def fail(password: str) -> None:
    try:
        _ = len(password) / 0
    except ZeroDivisionError:
        log("test").exception("failed")
        logging.getLogger("a library").exception("failed")
