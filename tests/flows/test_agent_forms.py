"""Tests the forms that agents fill in: what their lists offer, in every channel."""

from bot.wiring.app import read_flows
from bot.wiring.settings import load_settings
from flows.prompts import step_choices


def test_steps_with_one_title_are_told_apart_by_the_step_around_them() -> None:
    flow = read_flows(load_settings({})).catalogue.by_id["connection-not-active"]
    listed = dict(step_choices(flow, {}))
    assert listed["every-min-guide"] == "First, find your setup guide (Check Every-Min)"
    assert listed["password-guide"] == "First, find your setup guide (Check the Password box)"
    assert listed["computer-on"] == "Turn on your computer"
    assert len(set(listed.values())) == len(flow.steps)
