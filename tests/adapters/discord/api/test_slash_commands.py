"""Tests the commands that Discord accepts, and what they offer while a person types."""

import asyncio
import re
from typing import Any

import discord
import pytest

from adapters.discord.api.command_sync import SHELF, register
from adapters.discord.api.slash_commands import (
    HERE,
    LANGUAGES,
    MENU,
    OFFERED,
    OPEN_TICKET,
    PRIVATE,
    SEND,
    ProblemOption,
    autocomplete,
    commands,
    fingerprint,
    problem,
    where,
)
from bot.ports import StoreDown
from flows.catalogue import Catalogue
from flows.flow import Escalation, Flow, Step, Team
from tests.fakes.world import store_in_memory

NAME = re.compile(r"^[-_'\w]{1,32}$")
"""Discord's rule for names of slash commands and options, which are in small letters besides."""

LOCALES = {"de", "fr", "es-ES", "es-419", "it", "pt-BR", "nl", "pl", "ja", "ko", "zh-CN"}


def flow(name: str, title: str, *start: str) -> Flow:
    return Flow(
        id=name,
        title=title,
        start=start,
        teams=(Team(id="us", name="Us"),),
        escalate=Escalation(team="us", reason="guide_exhausted"),
        steps=(Step(id="plug", title="Plug it in", text="Plug it in."),),
    )


LAMPS = Catalogue(
    flows=(
        flow("lamp", "The lamp stays dark", "no light at all"),
        flow("fenetre", "La fenêtre est bloquée"),
        flow("printer-offline", "Printer shows as offline"),
    )
)


def typed(text: str, name: str = "problem") -> dict[str, Any]:
    return {"name": "fix", "type": 1, "options": [{"name": name, "type": 3, "value": text, "focused": True}]}


def offered(text: str, catalogue: Catalogue = LAMPS) -> list[str]:
    return [one["value"] for one in autocomplete(typed(text), catalogue)]


def test_names_and_descriptions_keep_discords_rules_in_every_language() -> None:
    typed_out = [one for one in commands() if one["type"] == 1]
    menus = [one for one in commands() if one["type"] == 3]
    options = [option for one in typed_out for option in one.get("options", ())]
    for one in (*typed_out, *options):
        for name in (one["name"], *one["name_localizations"].values()):
            assert NAME.match(name), name
            assert name == name.lower()
        for description in (one["description"], *one["description_localizations"].values()):
            assert 1 <= len(description) <= 100
    for menu in menus:
        for name in (menu["name"], *menu["name_localizations"].values()):
            assert 1 <= len(name) <= 32
        assert "description" not in menu
    for choice in typed_out[0]["options"][1]["choices"]:
        assert all(1 <= len(name) <= 100 for name in (choice["name"], *choice["name_localizations"].values()))


def test_every_text_is_there_in_every_language() -> None:
    for text, others in LANGUAGES.items():
        assert set(others) == {"de", "fr", "es-ES"} <= LOCALES, text


def test_the_commands_are_for_servers_and_direct_messages_and_the_menu_for_servers() -> None:
    fix, menu, send, ticket, reply = (
        next(one for one in commands() if one["name"] == name)
        for name in ("fix", MENU, SEND, OPEN_TICKET, "reply")
    )
    assert (fix["contexts"], menu["contexts"], reply["contexts"]) == ([0, 1], [0], [0])
    assert (send["type"], send["name"], send["contexts"]) == (3, SEND, [0])
    assert (ticket["type"], ticket["name"], ticket["contexts"]) == (3, OPEN_TICKET, [0])
    assert fix["integration_types"] == menu["integration_types"] == [0]
    assert (fix["type"], menu["type"], menu["name"]) == (1, 3, MENU)


def test_agents_commands_are_hidden_from_members_who_manage_no_messages() -> None:
    shown = {one["name"]: one.get("default_member_permissions") for one in commands()}
    assert {name for name, needed in shown.items() if needed is None} == {"fix", MENU}
    managed = discord.Permissions(manage_messages=True).value
    assert {needed for needed in shown.values() if needed is not None} == {managed}
    assert {SEND, OPEN_TICKET, "reply"} < set(shown)


def test_with_nothing_typed_all_flows_are_offered() -> None:
    assert offered("") == ["lamp", "fenetre", "printer-offline"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("dark", ["lamp"]),
        ("LAMP dark", ["lamp"]),
        ("fenetre bloquee", ["fenetre"]),
        ("offline", ["printer-offline"]),
        ("I get: no light at all, why?", ["lamp"]),
        ("spaceship", []),
    ],
)
def test_a_flow_is_found_by_words_of_its_title_and_by_the_error_it_is_for(
    text: str, found: list[str]
) -> None:
    assert offered(text) == found


def test_no_more_is_offered_than_discord_takes() -> None:
    many = Catalogue(flows=tuple(flow(f"f{n}", f"Problem {n} " + "x" * 200) for n in range(40)))
    choices = autocomplete(typed("problem"), many)
    assert len(choices) == OFFERED
    assert all(len(one["name"]) <= 100 and len(one["value"]) <= 100 for one in choices)


@pytest.mark.parametrize(
    "data", [{}, {"options": None}, {"options": [7]}, {"options": [{"focused": True}]}, typed("x", "where")]
)
def test_what_completes_nothing_is_offered_nothing(data: dict[str, Any]) -> None:
    assert autocomplete(data, LAMPS) == []


def test_a_chosen_flow_and_words_are_told_apart() -> None:
    assert problem(typed("lamp"), LAMPS) == ProblemOption(flow="lamp")
    assert problem(typed(" my lamp is dark "), LAMPS) == ProblemOption(text="my lamp is dark")
    assert problem({}, LAMPS) == ProblemOption()


def test_a_private_thread_is_meant_unless_here_is_said() -> None:
    assert where({}) == PRIVATE
    assert where({"options": [{"name": "where", "value": "elsewhere"}]}) == PRIVATE
    assert where({"options": [{"name": "where", "value": HERE}]}) == HERE


# ---------------------------------------------------------------- made known


class Door:
    """Discord's end, which fails as often as told."""

    def __init__(self, *fails: Exception) -> None:
        self.fails = list(fails)
        self.given: list[list[dict[str, Any]]] = []

    async def __call__(self, application: int, given: list[dict[str, Any]]) -> object:
        if self.fails:
            raise self.fails.pop(0)
        self.given.append(given)
        return None


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.discord.api.command_sync.CHECK_INTERVAL_S", 0.001)


async def test_the_commands_are_made_known_once() -> None:
    store, door = store_in_memory(), Door()
    assert await register(door, 7, store.marks, store.bookmarks)
    assert not await register(door, 7, store.marks, store.bookmarks)
    assert door.given == [commands()]
    await store.close()


async def test_commands_that_changed_are_made_known_again() -> None:
    store, door = store_in_memory(), Door()
    await store.bookmarks.put(SHELF, "7", "what they were")
    assert await register(door, 7, store.marks, store.bookmarks)
    assert (await store.bookmarks.all(SHELF))["7"] == fingerprint()
    await store.close()


async def test_another_process_that_is_at_it_is_waited_for(quick: None) -> None:
    store, door = store_in_memory(), Door()
    assert await store.marks.first(f"{SHELF}/7", 20)
    waiting = asyncio.create_task(register(door, 7, store.marks, store.bookmarks))
    await store.bookmarks.put(SHELF, "7", fingerprint())
    assert not await waiting
    assert door.given == []
    await store.close()


async def test_what_failed_is_tried_again(quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.discord.api.command_sync.LOCK_S", 1)
    store, door = store_in_memory(), Door(TimeoutError(), StoreDown("away"))
    assert await register(door, 7, store.marks, store.bookmarks)
    assert len(door.given) == 1
    await store.close()
