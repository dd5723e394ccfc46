"""Tests emails to a customer who left: which addresses count, and what is worth an email."""

import pytest

from flows.catalogue import Catalogue
from flows.conversation import Status
from flows.effects import Mailing, Tell
from flows.events import (
    Claimed,
    Concluded,
    Detailed,
    Escalated,
    Event,
    HandedBack,
    Noted,
    Released,
    Replied,
    Said,
    Showed,
    Snoozed,
    TimerRang,
)
from flows.rules.customer_mail import mail_address
from tests.fakes.agents import MAX, by, change
from tests.fakes.flows import Walk, catalogue

ADDRESS = "ana@post.example"


def waiting(mailed: str = "web", reach: str = ADDRESS) -> Walk:
    """Ana waits for a person and has said how to reach her."""
    walk = Walk(Catalogue(flows=catalogue().flows, mailed=frozenset({mailed})))
    walk.start()
    walk.do(Escalated())
    walk.do(Detailed(reach=reach))
    return walk


def said(walk: Walk) -> list[str]:
    """The words of what the bot said last."""
    return [effect.words for effect in walk.rows[-1].effects if isinstance(effect, Tell)]


def mailings(walk: Walk, event: Event) -> list[int]:
    """The versions that the event has mailed."""
    return [one.version for one in change(walk, event).effects if isinstance(one, Mailing)]


@pytest.mark.parametrize("text", [ADDRESS, " ana.b+c@post.co.example ", "a'b@x-y.example"])
def test_a_mail_address_is_one(text: str) -> None:
    assert mail_address(text) == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+43 1 234 567",
        "ana@post",
        "ask for ana@post.example",
        "Ana <ana@post.example>",
        "ana@post.example\r\nBcc: eve@x.example",
        "ana@@post.example",
        "a,b@post.example",
        "ä@post.example",
        "a@" + "b" * 60 + ".example" * 30,
    ],
)
def test_anything_else_is_left_to_who_reads_the_ticket(text: str) -> None:
    assert mail_address(text) == ""


def test_an_address_is_remembered_and_said_and_a_telephone_number_leaves_it() -> None:
    walk = waiting()
    assert walk.at.mail == ADDRESS
    assert said(walk) == ["details_mailed"]
    walk.do(Detailed(reach="+43 1 234 567"))
    assert walk.at.mail == ADDRESS
    walk.do(Detailed(reach="ben@post.example"))
    assert walk.at.mail == "ben@post.example"


def test_where_nobody_is_mailed_an_address_is_like_any_other_word() -> None:
    walk = waiting(mailed="sent")
    assert walk.at.mail == ""
    assert mailings(walk, by(Replied(name="Max", text="Hello"))) == []


@pytest.mark.parametrize("event", [Replied(text="Hello"), Showed(step="switch"), Concluded(reason="x")])
def test_what_an_agent_says_to_them_is_mailed(event: Event) -> None:
    walk = waiting()
    walk.do(by(Claimed(name="Max")))
    assert mailings(walk, by(event)) == [walk.at.version + 1]


def test_what_they_are_handed_back_to_is_mailed() -> None:
    walk = waiting()
    walk.do(by(Claimed(name="Max")))
    assert len(mailings(walk, by(HandedBack(step="switch")))) == 1


@pytest.mark.parametrize("event", [Noted(text="among us"), Released(), Snoozed(until="hour")])
def test_what_is_not_said_to_them_is_not(event: Event) -> None:
    walk = waiting()
    walk.do(by(Claimed(name="Max")))
    assert mailings(walk, by(event)) == []


def test_what_they_do_themselves_is_not() -> None:
    walk = waiting()
    assert mailings(walk, Said(text="it still blinks")) == []


def test_that_an_agent_waits_for_them_and_that_it_was_closed_are_mailed() -> None:
    walk = waiting()
    walk.do(by(Replied(text="Which lamp is it?", name="Max"), MAX))

    def rang(kind: str) -> Event:
        return TimerRang(kind=kind, actor="timer", turn=walk.at.turn, status=walk.at.status)

    assert len(mailings(walk, rang("nudge"))) == 1
    walk.do(rang("nudge"))
    assert len(mailings(walk, rang("close"))) == 1
    walk.do(rang("close"))
    assert walk.at.status is Status.CLOSED
