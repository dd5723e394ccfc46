"""Tests what the first guide says, step by step: its tests, its teams, and words that are easy to get wrong."""

import re

import pytest

from flows.authoring.rehearsal import Ended, walk
from flows.catalogue import Catalogue
from flows.effects import Tell
from flows.events import Answered, Reopened
from flows.prompts import prompt, tell_words
from flows.text.markup.words import plain
from tests.fakes.flows import Walk
from tests.flows.test_connection_not_active import (
    BLANK,
    EMPTY,
    IN_THE_CONNECTOR,
    OBSERVED,
    RESET,
    SYNCED,
    TABLE,
    TESTED_IN_THE_GUIDE,
    everything,
    guide,
)


def test_the_states_are_exactly_those_of_the_guide() -> None:
    choices = {
        step.id: {choice.id: choice.target for choice in step.choices if choice.id != "cant-find"}
        for step in guide().steps
    }
    assert choices == TABLE
    assert {step.id for step in guide().steps if step.observes} == OBSERVED
    assert guide().first.id == "computer-on"


def test_what_cannot_be_found_on_a_question_leads_to_a_person() -> None:
    found = {step.id: choice.target for step in guide().steps if (choice := step.choice("cant-find"))}
    assert found == dict.fromkeys(
        OBSERVED - {"every-min-guide", "password-guide"}, "=escalated/conductor/cannot_find"
    )


def test_the_teams_are_the_two_owners() -> None:
    teams = {team.id: (team.name, team.email, team.external) for team in guide().teams}
    assert teams["conductor"] == ("Conductor support", "support@conductor.is", True)
    assert set(teams) == {"conductor", "product"}
    assert not teams["product"][2]
    assert (guide().escalate.team, guide().escalate.reason) == ("conductor", "guide_exhausted")


def words(step: str, *keys: str, **settings: str) -> str:
    """Words of a step, filled in as they are shown."""
    situation = next(move.after for move in everything() if move.after.asks and move.after.at.step == step)
    shown = prompt(guide(), situation.at, settings)
    return "\n".join(plain(getattr(shown, key)) for key in keys)


@pytest.mark.parametrize("step", sorted(SYNCED))
def test_the_first_three_steps_are_tested_by_a_sync_in_the_product(step: str) -> None:
    for key, sync in (("text", "Try a sync in Acme Books"), ("test", "once a sync goes through")):
        said = words(step, key, PRODUCT_NAME="Acme Books")
        assert sync in said
        assert "setup guide" not in said


@pytest.mark.parametrize("step", sorted(TESTED_IN_THE_GUIDE))
def test_the_two_procedures_are_tested_on_the_last_page_of_the_setup_guide(step: str) -> None:
    for key in ("text", "test"):
        said = words(step, key)
        assert "last page of the setup guide" in said
        assert "sync" not in said


@pytest.mark.parametrize("step", sorted(OBSERVED))
def test_a_question_asks_for_no_sync_and_offers_no_fixed(step: str) -> None:
    assert "sync" not in words(step, "text", "test")
    assert guide().by_id[step].choice("fixed") is None
    assert words(step, "test") == ""


@pytest.mark.parametrize("step", sorted(IN_THE_CONNECTOR))
def test_a_box_is_always_that_of_your_own_connections_row(step: str) -> None:
    assert re.search(r"your connection's row|beside your connection", words(step, "text"))
    assert "Web Connector" in words(step, "text")


@pytest.mark.parametrize("step", sorted(TABLE))
def test_whoever_comes_back_later_reads_how_to_open_the_web_connector(step: str) -> None:
    assert "File \u203a App Management \u203a Update Web Services" in words(step, "again")


def test_whoever_cannot_open_it_reads_of_the_older_menu_the_right_computer_and_hosted_quickbooks() -> None:
    said = words("open-it", "text")
    for part in ("older versions", "File \u203a Update Web Services", "the one where you first connected"):
        assert part in said
    assert "provider hosts" in said
    assert "Remove" not in said


def test_whoever_opened_it_goes_on_at_the_step_with_a_person_one_click_away() -> None:
    opened = [move for move in everything() if move.answer == "open-now"]
    assert opened
    for move in opened:
        assert (move.after.at.step, move.after.at.path[-1]) == ("web-connector", "open-it")
        assert {choice.id for choice in move.after.shown.choices} == {
            "fixed",
            "still-failing",
            "cant-open-it",
        }


def test_whoever_cannot_open_it_at_all_gets_a_person_of_the_product_who_knows_why() -> None:
    stuck = [move for move in everything() if move.answer == "wont-open"]
    assert stuck
    for move in stuck:
        assert move.after.at.observations["web connector"] == "won't open"
        assert (move.after.at.team, move.after.at.reasons[-1]) == ("product", "web_connector_missing")


def test_step_five_is_the_setup_guides_own() -> None:
    assert re.search(r"setup guide.*the guide itself calls Step 5", words("password-reenter", "text"))
    for step in set(TABLE) - {"password-reenter"}:
        assert "Step 5" not in words(step, "text")


def test_a_password_is_declared_secret_wherever_it_is_spoken_of_and_never_asked_for() -> None:
    spoken = {
        step.id for step in guide().steps if re.search("password", f"{step.title}{step.text}", re.IGNORECASE)
    }
    assert spoken == {step.id for step in guide().steps if step.secret == "password"}
    assert spoken == {"password", "password-guide", "password-reenter"}
    assert "never send the password here" in words("password-reenter", "warning")


def test_the_way_to_start_it_automatically_is_told_after_the_fix_at_the_second_step_alone() -> None:
    for step in SYNCED | TESTED_IN_THE_GUIDE:
        said = guide().by_id[step].fixed or ""
        assert ("{autostart}" in said) is (step == "web-connector")


@pytest.mark.parametrize("url", ["", "https://help.example/start"])
def test_the_advice_to_start_it_automatically_reads_well_with_a_link_and_without(url: str) -> None:
    end = list(walk(Catalogue(), guide(), ["still failing", "fixed"], {"AUTOSTART_GUIDE_URL": url}))[-1]
    assert isinstance(end, Ended)
    linked = (
        f"set it to start with your computer ({url}), so" if url else "set it to start with your computer, so"
    )
    assert linked in end.text


def test_the_intro_leads_the_first_message_and_says_what_the_error_means() -> None:
    situation = next(move.before for move in everything())
    said = plain(tell_words("intro", guide(), situation.at, {"PRODUCT_NAME": "Acme Books"}))
    for part in (
        "Conductor is the service behind",
        "Acme Books",
        "can't reach the QuickBooks Web Connector",
        "background",
    ):
        assert part in said
    assert said.count(". ") == 1, "two sentences"


def test_both_ways_out_of_the_guide_show_where_to_write_or_who_will_answer() -> None:
    for answers in ((*BLANK, "dots"), (*EMPTY, "still failing")):
        end = list(walk(Catalogue(), guide(), answers))[-1]
        assert isinstance(end, Ended)
        assert (end.reason, end.team) == ("guide_exhausted", "conductor")
        assert "support@conductor.is" in end.text
    for way in ((*RESET, "removed"), (*RESET[:-1], "dont-have-it")):
        end = list(walk(Catalogue(), guide(), way, {"PRODUCT_NAME": "Acme Books"}))[-1]
        assert isinstance(end, Ended)
        assert end.team == "product"
        assert "the support team at Acme Books" in end.text


def test_whoever_removed_the_connection_and_is_stuck_is_known_by_it() -> None:
    stuck = [move for move in everything() if move.answer == "removed"]
    assert stuck
    for move in stuck:
        assert move.after.at.observations["connection removed"] == "yes"
        assert "connection_removed" in move.after.at.reasons
        assert move.after.at.team == "product"


def test_without_a_setup_guide_the_walk_resumes_where_it_left() -> None:
    left = [move for move in everything() if move.answer == "dont-have-it"]
    back = [
        move
        for move in everything()
        if move.event.type == "withdraw" and str(move.before) in map(str, [m.after for m in left])
    ]
    assert {move.after.at.step for move in back} == {"every-min-guide", "password-guide"}
    assert all(move.after.asks and move.after.at.step == move.before.at.step for move in back)


@pytest.mark.parametrize(
    ("answers", "length"),
    [((*BLANK, "dots"), 5), ((*RESET, "still failing", "empty", "have-it", "still failing"), 9)],
)
def test_the_shortest_and_the_longest_way_through_are_those_of_the_guide(
    answers: tuple[str, ...], length: int
) -> None:
    assert len(answers) == length
    exits = {
        len(move.after.given) + 1
        for move in everything()
        if move.after.at.exited and move.answer in ("dots", "still-failing")
    }
    assert (min(exits), max(exits)) == (5, 9)
    assert isinstance(list(walk(Catalogue(), guide(), answers))[-1], Ended)


def test_back_after_the_fix_at_the_second_step_the_advice_to_start_it_automatically_leads() -> None:
    walk = Walk(Catalogue(flows=(guide(),)))
    walk.start("connection-not-active")
    for choice in ("still-failing", "fixed"):
        walk.do(Answered(turn=walk.at.turn, choice=choice))
    walk.do(Reopened())
    lead = next(effect for effect in walk.rows[-1].effects if isinstance(effect, Tell))
    said = plain(tell_words(lead.words, guide(), walk.at, {}, lead.step))
    assert "set it to start with your computer" in said
    assert (walk.at.step, walk.at.ticket) == ("web-connector", 0)
    walk.do(Answered(turn=walk.at.turn, choice="fixed"))
    walk.do(Reopened())
    assert (walk.at.reasons, walk.at.team, walk.at.ticket) == (("came_back",), "conductor", 71)
