"""Tests where a customer's words belong: in an open conversation, in a new one, or where only the customer knows."""

import pytest

from flows.catalogue import PICKER
from flows.conversation import Conversation, Status
from flows.rules.placement import Placement, placed_at_start, placed_by_choice, placed_in_talk
from tests.fakes.flows import fire, lamp

FLOWS = (lamp(), fire())
DARK = "The lamp is dark"
SMOKE = "It smells of smoke"
STORY = "since this morning everything is odd"


def at(flow: str, status: Status = Status.GUIDING, name: str = "") -> Conversation:
    return Conversation(id=name or flow, flow=flow, status=status)


LAMP, FIRE = at("lamp"), at("fire")
WAITING, HELD = at("fire", Status.WAITING), at("fire", Status.WITH_AGENT)
CHOOSING, CHOSEN = at(PICKER), at(PICKER, Status.WITH_AGENT)


@pytest.mark.parametrize(
    ("text", "mine", "right"),
    [
        (DARK, (), Placement(flow="lamp")),
        (STORY, (), Placement()),
        (DARK, (FIRE,), Placement(flow="lamp")),
        (DARK, (WAITING,), Placement(flow="lamp")),
        (DARK, (HELD,), Placement(flow="lamp")),
        (DARK, (FIRE, LAMP), Placement(at=LAMP, flow="lamp")),
        (DARK, (at("lamp", Status.RESOLVED),), Placement(flow="lamp")),
        (DARK, (CHOOSING,), Placement(at=CHOOSING, flow="lamp")),
        (DARK, (CHOSEN,), Placement(flow="lamp")),
        (STORY, (FIRE, LAMP), Placement(asks=(FIRE, LAMP))),
        (STORY, (CHOOSING,), Placement(at=CHOOSING)),
        (STORY, (CHOOSING, LAMP), Placement(asks=(CHOOSING, LAMP))),
        (STORY, (CHOSEN,), Placement(asks=(CHOSEN,))),
        (STORY, (at("lamp", Status.CLOSED),), Placement()),
    ],
)
def test_words_on_a_start_page_find_their_flow_or_are_asked_about(
    text: str, mine: tuple[Conversation, ...], right: Placement
) -> None:
    assert placed_at_start(text, mine, FLOWS) == right


@pytest.mark.parametrize(
    ("text", "mine", "right"),
    [
        (DARK, (), Placement(flow="lamp")),
        (STORY, (), Placement()),
        (STORY, (FIRE, LAMP), Placement(at=FIRE)),
        (DARK, (FIRE,), Placement(flow="lamp")),
        (DARK, (FIRE, LAMP), Placement(at=LAMP, flow="lamp")),
        (DARK, (WAITING,), Placement(at=WAITING)),
        (DARK, (HELD,), Placement(at=HELD)),
        (DARK, (CHOOSING,), Placement(at=CHOOSING)),
        (SMOKE, (LAMP,), Placement(at=LAMP)),
    ],
)
def test_words_in_a_talk_stay_there_unless_they_name_another_problem(
    text: str, mine: tuple[Conversation, ...], right: Placement
) -> None:
    assert placed_in_talk(text, mine, FLOWS, [("smell", "It smells of smoke")]) == right


@pytest.mark.parametrize(
    ("mine", "right"),
    [
        ((), None),
        ((FIRE, LAMP), LAMP),
        ((at("lamp", Status.WAITING),), at("lamp", Status.WAITING)),
        ((at("lamp", Status.RESOLVED),), None),
        ((CHOOSING,), CHOOSING),
        ((CHOOSING, LAMP), LAMP),
        ((FIRE, CHOOSING), None),
        ((at(PICKER, Status.WAITING),), None),
    ],
)
def test_a_chosen_flow_that_is_open_stays_the_only_one(
    mine: tuple[Conversation, ...], right: Conversation | None
) -> None:
    assert placed_by_choice("lamp", mine) == Placement(at=right, flow="lamp")
