"""Tests which flow a pasted error text is about, and what its captures keep."""

from typing import Final

import pytest

from flows.flow import Choice, Escalation, Flow, Step, Team
from flows.text.starts import recognise


def flow(name: str, title: str, *start: str) -> Flow:
    out = Escalation(team="us", reason="guide_exhausted")
    choice = Choice(id="still-failing", label="Still failing", escalate=out)
    step = Step(id="one", title="One", text="One.", choices=(choice,))
    return Flow(
        id=name, title=title, start=start, teams=(Team(id="us", name="us"),), escalate=out, steps=(step,)
    )


CONNECTION: Final = flow(
    "connection-not-active",
    "QuickBooks Desktop connection is not active",
    "connection is not active. It was last active {last_active}",
    "connection is not active",
)
PRINTER: Final = flow("printer-offline", "Printer shows as offline", "printer is offline")
SHELF: Final = (PRINTER, CONNECTION)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Your QuickBooks Desktop connection is not active. It was last active 3 days ago", "3 days ago"),
        ("YOUR CONNECTION IS NOT ACTIVE. IT WAS LAST ACTIVE Monday", "Monday"),
        ("connection is not active. It was last active 5:12 PM.", "5:12 PM"),
        (
            "hi!! it says “connection  is not\n active.\r\nIt was last   active 2025-11-03 at 5 pm\nwhat now?",
            "2025-11-03 at 5 pm",
        ),
        ("connection is\u00a0not active. It was last active\u00a0yesterday  ", "yesterday"),
        ("connection is not active. It was last active " + "x" * 300, "x" * 200),
        ("con\u200bnection is not active. It was last active 5 min ago", "5 min ago"),
        (
            "connection is not active. It was last active...\nconnection is not active. It was last active May 2",
            "May 2",
        ),
    ],
)
def test_a_pasted_error_text_is_recognised_and_its_capture_kept(text: str, seen: str) -> None:
    found = recognise(SHELF, text)
    assert found is not None
    assert (found.flow, found.observations) == ("connection-not-active", {"last_active": seen})


@pytest.mark.parametrize(
    "text",
    [
        "Your QuickBooks Desktop connection is not active",
        "connection is not active. It was last active",
        "connection is not active. It was last active…",
        "connection is not active. It was last active\n",
        "… the\nconnection\nis\nnot\nactive …",
    ],
)
def test_without_the_captured_words_the_shorter_pattern_still_matches(text: str) -> None:
    found = recognise(SHELF, text)
    assert found is not None
    assert (found.flow, found.observations) == ("connection-not-active", {})


def test_the_longest_pattern_wins_across_flows_whatever_their_order() -> None:
    general = flow("general", "Something is offline", "is offline")
    for shelf in ((general, PRINTER), (PRINTER, general)):
        found = recognise(shelf, "the printer is offline")
        assert found is not None
        assert found.flow == "printer-offline"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("printer shown as offline", "printer-offline"),
        ("Printer shwos as offline!", "printer-offline"),
        ("quickbooks desktop connection not active", "connection-not-active"),
        ("quickbooks desktop connection is active", None),
        ("printer", None),
        ("offline", None),
        ("quickbooks", None),
        ("my cat is stuck", None),
        ("", None),
        ("🖨", None),
    ],
)
def test_a_title_in_nearly_its_own_words_is_recognised_and_a_part_of_it_is_not(
    text: str, name: str | None
) -> None:
    found = recognise(SHELF, text)
    assert (found.flow if found else None) == name


def test_two_titles_that_fit_alike_leave_it_to_the_customer() -> None:
    shelf = (flow("a", "Big scanner is shown as offline"), flow("b", "Red scanner is shown as offline"))
    assert recognise(shelf, "scanner is shown as offline") is None
    assert recognise(shelf, "the red scanner is shown as offline") is not None


def test_a_pattern_of_two_lines_captures_from_both() -> None:
    router = flow("router", "Router", "router code {code}\nlight {light}")
    found = recognise((router,), "Router code 17 \n light red and blinking\nthanks")
    assert found is not None
    assert found.observations == {"code": "17", "light": "red and blinking"}


def test_a_pattern_full_of_signs_is_taken_by_the_letter() -> None:
    odd = flow("odd", "Odd", "error (0x80040420) [a-z]+ * ?")
    assert recognise((odd,), "ERROR (0x80040420) [A-Z]+ * ?") is not None
    assert recognise((odd,), "error 0x80040420 abc") is None


@pytest.mark.timeout(10)
def test_a_huge_text_is_searched_in_no_time() -> None:
    for piece in (
        "connection is not active. ",
        "connection ",
        " \n",
        "a",
        "connection is not active. It was last active .\n",
    ):
        recognise(SHELF, piece * (100_000 // len(piece)))
