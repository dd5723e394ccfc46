"""Tests names of people and places, links to messages, and ids as operators write them."""

import pytest

from adapters.slack.api.addresses import Person, Place, link, listed, receipt, sent
from flows.conversation import Address

URL = "https://acme.slack.com/"
THREAD = Place(workspace="T1", channel="C1", thread="1700000000.000100")
DIRECT = Place(workspace="T1", channel="D1")


def test_an_actor_is_a_person_of_a_team_and_back() -> None:
    ana = Person(team="T1", user="U1")
    assert ana.actor == "slack:T1:U1"
    assert Person.of(ana.actor) == ana
    assert ana.actor != Person(team="T2", user="U1").actor


@pytest.mark.parametrize("actor", ["web:ana", "slack:T1", "slack:T1:", "", "timer"])
def test_who_is_not_from_slack_is_nobody_here(actor: str) -> None:
    assert Person.of(actor) is None


def test_a_thread_has_one_door_and_direct_messages_one_for_each_flow() -> None:
    assert THREAD.door() == THREAD.door("lamp") == "slack/T1/C1/1700000000.000100"
    assert (DIRECT.door(), DIRECT.door("lamp")) == ("slack/T1/D1", "slack/T1/D1/lamp")


@pytest.mark.parametrize("place", [THREAD, DIRECT])
def test_an_address_is_a_place_with_a_person_and_back(place: Place) -> None:
    address = Address.parse(place.address(Person(team="T2", user="U3")))
    assert Place.of(address) == place
    assert address.person == "U3"


def test_a_link_leads_into_the_thread_of_a_message() -> None:
    reply = link(URL, "C1", "1700000009.000200", "1700000000.000100")
    assert reply == (
        "https://acme.slack.com/archives/C1/p1700000009000200?thread_ts=1700000000.000100&cid=C1"
    )
    root = link(URL, "C1", "1700000000.000100", "1700000000.000100")
    assert root == link(URL.rstrip("/"), "C1", "1700000000.000100")
    assert root == "https://acme.slack.com/archives/C1/p1700000000000100"


def test_without_an_address_or_a_message_there_is_no_link() -> None:
    assert link("", "C1", "1.2") == link(URL, "C1", "") == ""


def test_a_receipt_is_where_a_message_is_and_back() -> None:
    assert sent(receipt("C1", "1.2")) == ("C1", "1.2")
    assert sent("") == ("", "")


def test_ids_are_read_however_an_operator_writes_them() -> None:
    assert listed(["#c1help", "@u1", " S1 ", "", "shared"]) == {"C1HELP", "U1", "S1", "SHARED"}
