"""Tests that each kind of key which people outside can make grow has a bound, and a test that shows the bound."""

from pathlib import Path
from typing import Final

import pytest

from adapters.storage.kinds import KINDS

FLOOD: Final = "adapters/web/test_flood.py::test_one_address_cannot_fill_the_store_and_others_go_on"
EVENTS: Final = "bot/desk/test_growth_limits.py::test_events_of_a_conversation_are_bounded"
WORDS: Final = "bot/desk/test_growth_limits.py::test_words_are_bounded_for_a_conversation_and_for_a_person"
STARTS: Final = "bot/test_person_limits.py::test_one_act_too_many_is_answered_with_when_it_is_possible_again"
UNANSWERED: Final = "contracts/test_unanswered.py::test_only_an_answer_makes_a_conversation_last"
SPACE: Final = "adapters/web/test_uploaded_space.py::test_one_visitor_and_one_address_leave_room_for_others"

BOUNDS: Final[dict[str, str]] = {
    # A conversation: how many are started, how much each takes, and how long it lasts.
    "records": FLOOD,
    "journals": EVENTS,
    "words": WORDS,
    "seen": EVENTS,
    "receipts": EVENTS,
    "lanes": EVENTS,
    "holds": EVENTS,
    "doors": UNANSWERED,
    "places": STARTS,
    "viewed": UNANSWERED,
    "contacts": "contracts/test_lookups.py::test_a_contact_finds_their_own_conversations_the_newest_first",
    # Lists of conversations forget what is gone.
    "alarms": EVENTS,
    "queues": EVENTS,
    "tickets": "contracts/test_lookups.py::test_a_ticket_whose_conversation_was_forgotten_leaves_the_index_in_time",
    "board": "contracts/test_board.py::test_forgotten_conversations_leave_the_lists_in_time",
    "ended": "contracts/test_unanswered.py::test_lists_forget_conversations_that_are_gone",
    "guiding": "contracts/test_unanswered.py::test_lists_forget_conversations_that_are_gone",
    # Files, texts and what is remembered for a while.
    "kept": SPACE,
    "kept_days": "contracts/test_uploads.py::test_files_of_an_earlier_version_count_until_they_are_gone",
    "uploads": SPACE,
    "unmatched": "contracts/test_unmatched.py::test_of_too_many_texts_those_that_came_longest_ago_are_deleted",
    "bookmarks": "contracts/test_bookmarks.py::test_a_shelf_is_kept_as_long_as_conversations_are",
    "vault": "contracts/test_vault.py::test_a_text_is_forgotten_in_time",
    "letters": EVENTS,
    "once": "contracts/test_marks.py::test_what_was_done_once_is_not_done_again",
    "allowances": "contracts/test_allowances.py::test_after_the_window_there_is_room_again_and_nothing_is_left",
    "limits": "contracts/test_budgets.py::test_nothing_is_left_of_a_budget_that_is_full_again",
    "rates": "contracts/test_reservations.py::test_the_clock_is_that_of_the_store_and_nothing_is_kept_for_long",
}
"""The test that shows the bound, by the kind of key."""

INSIDE: Final[dict[str, str]] = {
    "channels": "names of our own platforms",
    "counter": "a number",
    "quarantine": "only what is damaged",
    "identity": "one for each shard",
    "probe": "one for each node",
    "meta": "one",
    "processes": "our own processes",
    "metrics": "our own processes",
    "revisions": "the operator's guides",
    "secrets": "a few names",
    "marks": "what operators and agents switch off",
    "accounts": "admins invite them, or the issuer names them",
    "confirmed": "only addresses whose link was opened",
    "erasures": "only what operators ask for",
}
"""Kinds that no one outside can make grow, and why."""


def test_every_kind_of_key_has_a_bound_or_no_one_outside_can_make_it_grow() -> None:
    assert {kind.name for kind in KINDS} == {*BOUNDS, *INSIDE}
    assert not BOUNDS.keys() & INSIDE.keys()


@pytest.mark.parametrize("shown", sorted(set(BOUNDS.values())))
def test_the_test_of_each_bound_exists(shown: str) -> None:
    path, name = shown.split("::")
    text = (Path(__file__).parent / path).read_text(encoding="utf-8")
    assert f"def {name}(" in text
