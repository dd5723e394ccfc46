"""Tests names of people and places in Discord, as the product stores them."""

from adapters.discord.api.addresses import (
    Person,
    Place,
    changed_ms,
    link,
    listed,
    made,
    receipt,
    sent,
    shown,
    since,
)
from adapters.discord.api.users import Directory
from flows.conversation import Address

THREAD = Place(guild="1", channel="2", thread="3")
DIRECT = Place(channel="9")


def test_a_person_is_known_by_their_id_and_comes_back_from_it() -> None:
    assert Person(user="7", name="Ana").actor == "discord:7"
    assert Person.of("discord:7") == Person(user="7")
    assert Person.of("slack:T1:U1") is None
    assert Person.of("discord:") is None


def test_a_thread_and_direct_messages_are_doors_and_addresses() -> None:
    ana = Person(user="7")
    assert (THREAD.door, DIRECT.door) == ("discord/1/3", "discord/@me/9")
    assert (THREAD.direct, DIRECT.direct) == (False, True)
    assert (THREAD.room, DIRECT.room) == ("3", "9")
    for place in (THREAD, DIRECT):
        assert Place.of(Address.parse(place.address(ana))) == place


def test_a_thread_has_one_door_whether_or_not_its_parent_was_told() -> None:
    assert Place(guild="1", channel="3").door == THREAD.door


def test_places_and_messages_have_links() -> None:
    assert THREAD.link == "https://discord.com/channels/1/3"
    assert link("", "9", "5") == "https://discord.com/channels/@me/9/5"
    assert link("1", "") == ""


def test_a_receipt_says_where_and_which() -> None:
    assert sent(receipt("3", "5")) == ("3", "5")
    assert sent("") == ("", "")


def test_a_receipt_says_when_its_message_was_shown() -> None:
    assert shown(receipt("3", "175928847299117063")) == 1462015105796
    changed = receipt("3", "175928847299117063", 1462015109999)
    assert (sent(changed), shown(changed)) == (("3", "175928847299117063"), 1462015109999)
    assert shown("") == 0


def test_a_changed_message_says_when() -> None:
    assert changed_ms({"edited_timestamp": "2016-04-30T11:18:25.796000+00:00"}) == 1462015105796
    assert changed_ms({"edited_timestamp": None}) == changed_ms({}) == 0


def test_an_id_says_when_it_was_made() -> None:
    assert made("175928847299117063") == 1462015105796
    assert made(since(1462015105796)) == 1462015105796
    assert made("") == made("x") == 0


def test_ids_are_taken_as_operators_write_them() -> None:
    assert listed(["<@&12>", " #34 ", "56", "", "<@78>"]) == {"12", "34", "56", "78"}


def test_agents_are_named_people_and_whoever_has_a_named_role() -> None:
    directory = Directory(["<@&12>", "34"])
    assert directory.is_agent(Person(user="34"))
    assert directory.is_agent(Person(user="1", roles=("99", "12")))
    assert not directory.is_agent(Person(user="12"[::-1], roles=("99",)))
    assert not Directory().is_agent(Person(user="34"))
