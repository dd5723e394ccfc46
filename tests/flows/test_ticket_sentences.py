"""Tests that a ticket's sentences are true: who can see the conversation, and who has to write to whom."""

import pytest

from flows.conversation import Conversation, Status
from flows.flow import Flow, Team
from flows.prompts import prompt, tell_words
from flows.text.markup.words import plain
from flows.views.screen import TicketCard
from tests.fakes.flows import lamp

SETTINGS = {"SUPPORT_EMAIL": "us@shop.example", "DESK_FIRST_REPLY": "30m"}
SOON = "You'll usually hear back within 30 minutes."
HOLDING = "so you won't have to repeat yourself"

INTERNAL = Team(id="maker", name="the lamp maker")
EXTERNAL = Team(id="maker", name="the lamp maker", email="help@lamps.example", external=True)
UNADDRESSED = Team(id="maker", name="the lamp maker", external=True)


def flow(team: Team) -> Flow:
    return lamp().model_copy(update={"teams": (team,)})


def card(team: Team, status: Status = Status.WAITING) -> tuple[str, str]:
    """Return title and text of the ticket's card."""
    at = ticket(status)
    shown = prompt(flow(team), at, SETTINGS)
    return shown.title, plain(shown.text)


def ticket(status: Status = Status.WAITING) -> Conversation:
    assigned = status is Status.WITH_AGENT
    return Conversation(
        id="07a",
        turn=5,
        step="plug",
        flow="lamp",
        ticket=71,
        team="maker",
        status=status,
        exited=True,
        holder="web:max" if assigned else "",
        holder_name="Max" if assigned else "",
    )


@pytest.mark.parametrize("words", ["waiting", "escalated", "reopened_waiting"])
def test_agents_of_our_own_team_see_the_conversation_and_answer_in_it(words: str) -> None:
    said = spoken(words, INTERNAL)
    assert "#71" in said
    assert "the lamp maker" in said
    assert "can see this conversation" in said
    assert "email" not in said
    assert said.endswith(SOON)


@pytest.mark.parametrize("words", ["waiting", "escalated", "reopened_waiting"])
def test_an_external_team_sees_nothing_and_is_written_to(words: str) -> None:
    said = spoken(words, EXTERNAL)
    assert "can't see this conversation" in said
    assert "email help@lamps.example" in said
    assert "summary" in said
    assert HOLDING not in said
    assert "hear back" not in said


@pytest.mark.parametrize("words", ["waiting", "escalated", "reopened_waiting"])
def test_without_the_external_teams_address_our_own_team_helps_in_the_conversation(words: str) -> None:
    said = spoken(words, UNADDRESSED)
    assert "with our support team" in said
    assert "can see this conversation" in said
    assert "us@shop.example" not in said
    assert said.endswith(SOON)


def test_a_title_promises_a_person_only_where_one_answers_in_the_conversation() -> None:
    assert card(INTERNAL)[0] == card(UNADDRESSED)[0] == "A person will help you"
    assert card(EXTERNAL)[0] == "Email the lamp maker"


@pytest.mark.parametrize("team", [INTERNAL, EXTERNAL, UNADDRESSED])
def test_with_an_agent_nobody_is_sent_away_whatever_the_team(team: Team) -> None:
    assert card(team, Status.WITH_AGENT) == ("You're talking to Max", "Reply below.")


def test_no_sentence_says_that_steps_were_tried_before_any_was() -> None:
    for team in (INTERNAL, EXTERNAL, UNADDRESSED):
        for words in ("waiting", "escalated", "reopened_waiting"):
            assert "tried" not in spoken(words, team)


def spoken(words: str, team: Team) -> str:
    """Return what the card of a waiting ticket says, or what the bot says when it opens one."""
    if words == "waiting":
        return card(team)[1]
    return plain(tell_words(words, flow(team), ticket(), SETTINGS))


@pytest.mark.parametrize(
    ("team", "assigned", "must", "may", "own"),
    [
        (INTERNAL.model_copy(update={"email": "desk@shop.example"}), False, "", "desk@shop.example", None),
        (EXTERNAL, False, EXTERNAL.email, EXTERNAL.email, "us@shop.example"),
        (EXTERNAL, True, "", "", "us@shop.example"),
        (UNADDRESSED, False, "", "", "us@shop.example"),
    ],
)
def test_a_customer_is_given_an_address_only_where_it_is_read(
    team: Team, assigned: bool, must: str, may: str, own: str | None
) -> None:
    shown = TicketCard(
        number=71, open=True, team=team.id, name=team.name, email=team.email or "", external=team.external,
        reasons=(), opened=1, summary="", assigned=assigned,
    )  # fmt: skip
    assert (shown.write_to, shown.may_write_to) == (must, may)
    assert shown.own_address("us@shop.example") == (own or team.email)
