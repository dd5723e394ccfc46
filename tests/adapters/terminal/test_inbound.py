"""Tests what a typed line means: a number, a letter, a label, an id, or free text."""

import pytest

from adapters.terminal.inbound import MenuItem, UnknownNumber, meaning, naps, offers
from flows.conversation import Conversation, Status
from flows.events import Answered, Back, Escalated, Reopened, Restarted, Said, Withdrawn
from flows.prompts import Prompt, prompt
from tests.fakes.flows import catalogue, lamp

HERE = "07x"


def at(**fields: object) -> Conversation:
    """Make a conversation at the lamp's first step."""
    flow = lamp()
    started = Conversation(id=HERE, version=3, turn=3, flow=flow.id, revision=flow.revision, step="plug")
    return started.model_copy(update=fields)


def asked(conversation: Conversation) -> Prompt:
    """Return the conversation's live prompt."""
    return prompt(lamp(), conversation, {})


def read(line: str, conversation: Conversation | None = None) -> MenuItem | Said | UnknownNumber:
    """Return what the line means there."""
    conversation = conversation or at(path=("bulb",))
    live = asked(conversation)
    return meaning(line, offers(live, conversation), live, HERE)


@pytest.mark.parametrize(
    "line", ["2", " 2 ", "Still failing", "still FAILING", "still-failing", "still  failing"]
)
def test_an_answer_is_given_by_number_label_or_id_in_any_case(line: str) -> None:
    meant = read(line)
    assert isinstance(meant, MenuItem)
    assert meant.does == Answered(conversation=HERE, turn=3, choice="still-failing")


@pytest.mark.parametrize(
    ("line", "does"),
    [
        ("b", Back(conversation=HERE, turn=3)),
        ("B", Back(conversation=HERE, turn=3)),
        ("r", Restarted(conversation=HERE, turn=3)),
        ("p", Escalated(conversation=HERE)),
        ("talk to a person", Escalated(conversation=HERE)),
        ("l", "later"),
        ("q", "leave"),
        ("quit", "leave"),
        ("Exit", "leave"),
        ("?", "help"),
    ],
)
def test_letters_and_a_few_words_do_the_rest(line: str, does: object) -> None:
    meant = read(line)
    assert isinstance(meant, MenuItem)
    assert meant.does == does


def test_a_number_that_is_not_on_screen_is_no_free_text() -> None:
    assert read("7") == UnknownNumber("7")


@pytest.mark.parametrize("line", ["it works now", "1. it works", "b12", "2026", "I pressed 2", "w"])
def test_everything_else_is_said_in_the_light_of_the_turn(line: str) -> None:
    assert read(line) == Said(conversation=HERE, turn=3, text=line)


def test_a_person_is_offered_until_a_ticket_is_open_and_then_the_ticket() -> None:
    letters = {offer.key for offer in offers(asked(at()), at())}
    assert "p" in letters
    assert "t" not in letters
    waiting = at(status=Status.WAITING, ticket=7)
    by_key = {offer.key: offer.does for offer in offers(asked(waiting), waiting)}
    assert "p" not in by_key
    assert by_key["w"] == Withdrawn(conversation=HERE)
    assert by_key["d"] == "details"


def test_what_has_ended_offers_it_is_back_as_its_first_answer() -> None:
    ended = at(status=Status.RESOLVED)
    (first, *_) = offers(asked(ended), ended)
    assert (first.key, first.does) == ("1", Reopened(conversation=HERE))


def test_later_knows_three_lengths() -> None:
    assert [offer.id for offer in naps(at())] == ["hour", "tomorrow", "computer"]


def test_every_flow_on_offer_has_a_number_in_the_picker() -> None:
    picker = catalogue().picker
    start = Conversation(id=HERE, version=1, turn=1, flow=picker.id, revision=picker.revision, step="pick")
    live = prompt(picker, start, {})
    labels = [offer.label for offer in offers(live, start) if offer.is_answer]
    assert labels == [*(flow.title for flow in catalogue().flows), "Something else"]


def test_with_a_person_one_goes_on_with_the_guide_only_where_they_let_one() -> None:
    held = at(status=Status.WITH_AGENT, ticket=71, holder="desk:max")
    assert "g" not in [offer.key for offer in offers(asked(held), held)]
    meant = read("g", held.model_copy(update={"may_continue_turn": 3}))
    assert isinstance(meant, MenuItem)
    assert meant.does == Withdrawn(conversation=HERE)
