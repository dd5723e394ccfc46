"""Tests that every file keeps the house rules, and that every rule fails on a bad sample."""

import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from tests.house import (
    LONG,
    Check,
    does_nothing_at_import,
    freezes_its_values,
    gives_a_reason_for_each_exception,
    has_a_name_that_says_something,
    has_narrow_ports,
    has_short_functions,
    is_pure,
    is_short,
    names_no_place_outside,
    names_tests_with_sentences,
    opens_with_a_sentence,
    spells_no_keys,
    uses_no_mocks,
    waits_for_what_happens,
)
from tests.house_rooms import (
    ROOM_SIZE,
    crowded,
    defined_twice,
    is_named_by_a_noun,
    names_units_of_time,
    waits_for_nothing,
)

ROOT: Final = Path(__file__).resolve().parent.parent
ROOMS: Final = ("flows/", "bot/", "adapters/")
STILL: Final = (
    "adapters/discord/inbound/",
    "adapters/discord/render/",
    "adapters/slack/inbound/",
    "adapters/slack/render/",
    "adapters/terminal/inbound.py",
    "adapters/terminal/render.py",
    "adapters/web/desk/inbound.py",
    "adapters/web/inbound.py",
    "adapters/web/page/render.py",
)
"""Rooms that only read what came in, or only draw what goes out."""


class Law(NamedTuple):
    """A law: what it asks of a file, which files it is for, and a sample that breaks it."""

    asks: Check
    rooms: tuple[str, ...]
    bad: str
    good: str
    path: str = "flows/sample.py"


CALLS: Final = "STORE = connect()\n"
SECONDS: Final = '{}: Final = 2 * 60\n"""Seconds between two tries."""\n'
SIX_METHODS: Final = "class P(Protocol):\n" + "".join(f"    def m{n}(self): ...\n" for n in range(6))
LAWS: Final = [
    Law(opens_with_a_sentence, ("",), '"""parts"""\n', '"""What a flow is made of."""\n'),
    Law(is_short, ("",), "x = 1\n" * 301, "x = 1\n" * 300),
    Law(has_short_functions, ("",), "def f():\n" + "    x = 1\n" * 60, "def f():\n" + "    x = 1\n" * 59),
    Law(does_nothing_at_import, ROOMS, CALLS, "def store():\n    return connect()\n"),
    Law(does_nothing_at_import, ROOMS, "class A:\n    x = connect()\n", "class A:\n    x = Field(3)\n"),
    Law(
        does_nothing_at_import, ROOMS, "def f(x=connect()): ...\n", f"if __name__ == '__main__':\n    {CALLS}"
    ),
    Law(does_nothing_at_import, ROOMS, "for x in y:\n    pass\n", "@cache\ndef f(): ...\n"),
    Law(is_pure, ("flows/",), "import time\n", "import re\n"),
    Law(is_pure, ("flows/",), "x = datetime.datetime.now()\n", "x = event.at\n"),
    Law(is_pure, ("flows/",), "from asyncio import sleep\n", "from flows.flow import Flow\n"),
    Law(spells_no_keys, ROOMS, 'f"{prefix}:{{{tag}}}c:"\n', 'f"{name}: {value}"\n'),
    Law(spells_no_keys, ROOMS, '"tt:meta"\n', '"{product}"\n'),
    Law(spells_no_keys, ROOMS, 'f"{self.prefix}:meta"\n', 'f"{self.name}:meta"\n'),
    Law(has_narrow_ports, ("bot/ports/",), SIX_METHODS, SIX_METHODS.rpartition("    def")[0]),
    Law(freezes_its_values, ROOMS, "@dataclass\nclass A: ...\n", "@dataclass(frozen=True)\nclass A: ...\n"),
    Law(
        names_tests_with_sentences, ("tests/",), "def test_back(): ...\n", "def test_back_goes_back(): ...\n"
    ),
    Law(uses_no_mocks, ("",), "from unittest import mock\n", "from tests.fakes import flows\n"),
    Law(uses_no_mocks, ("",), "from unittest.mock import Mock\n", "import unittest\n"),
    Law(waits_for_what_happens, ("tests/",), "await asyncio.sleep(0.1)\n", "await asyncio.sleep(0)\n"),
    Law(
        gives_a_reason_for_each_exception,
        ("",),
        "x = 1  # noqa: E741\n",
        "x = 1  # noqa: E741 (as in the paper)\n",
    ),
    Law(gives_a_reason_for_each_exception, ("",), "f()  # type: ignore[arg]\n", "# a noqa in prose\n"),
    Law(names_no_place_outside, (), "cd /ro" + "ot/x\n", "cd ~/x\n"),
    Law(names_no_place_outside, (), "see py" + "pi.org\n", "see the package index\n"),
    Law(has_a_name_that_says_something, ("",), "", "", "bot/utils.py"),
    Law(is_named_by_a_noun, ROOMS, "", "", "adapters/slack/pressing.py"),
    Law(waits_for_nothing, STILL, "import discord\n", "from adapters.discord.api import limits\n"),
    Law(waits_for_nothing, STILL, "async def draw(): ...\n", "def draw(): ...\n"),
    Law(names_units_of_time, ROOMS, SECONDS.format("PAUSE"), SECONDS.format("PAUSE_S")),
]

EXEMPT: Final = {(spells_no_keys, "adapters/storage/keys.py")}
"""Files that a law is not for."""


@cache
def committed(suffix: str = "") -> tuple[str, ...]:
    """The files that are committed, or would be, whose names end like that."""
    said = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return tuple(
        path for path in said.stdout.split("\0") if path.endswith(suffix) and (ROOT / path).is_file()
    )


def broken(check: Check, path: str, source: str) -> list[str]:
    """The places where a law is broken, a line each, as an editor can open them."""
    return [f"{path}:{finding}" for finding in check(path, source)]


def findings() -> dict[Check, list[str]]:
    """Every place where a law is broken, by law; each file is parsed once for all of them."""
    found: dict[Check, list[str]] = {law.asks: [] for law in LAWS if law.rooms}
    rooms = {law.asks: law.rooms for law in LAWS}
    for path in committed(".py"):
        source = (ROOT / path).read_text("utf-8", errors="ignore")
        for check, places in found.items():
            if path.startswith(rooms[check]) and (check, path) not in EXEMPT:
                places.extend(broken(check, path, source))
    return found


def hold(places: Iterable[str]) -> None:
    """Fail with these places where a law is broken."""
    if told := "\n".join(places):
        pytest.fail(told, pytrace=False)


def test_every_file_keeps_every_law() -> None:
    hold(f"{law.__name__}: {place}" for law, places in findings().items() for place in places)


def test_nothing_committed_names_a_registry_or_a_folder_of_one_machine() -> None:
    texts = ((path, (ROOT / path).read_text("utf-8", errors="ignore")) for path in committed())
    hold(place for path, text in texts for place in broken(names_no_place_outside, path, text))


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.asks.__name__)
def test_a_law_is_seen_to_fail_on_a_bad_sample(law: Law) -> None:
    assert list(law.asks(law.path, law.bad))


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.asks.__name__)
def test_a_law_lets_a_good_sample_pass(law: Law) -> None:
    assert not list(law.asks("flows/sample.py", law.good))


def test_no_folder_holds_more_modules_than_one_takes_in() -> None:
    assert not list(crowded(path for path in committed(".py") if path.startswith(ROOMS)))


def test_a_crowded_folder_is_found_and_a_full_one_is_not() -> None:
    modules = [f"bot/m{number}.py" for number in range(ROOM_SIZE)]
    assert list(crowded([*modules, "bot/m.py"]))
    assert not list(crowded([*modules, "bot/__init__.py", "bot/views/m.py"]))


def test_no_two_modules_define_a_class_by_the_same_name() -> None:
    paths = [path for path in committed(".py") if path.startswith(ROOMS)]
    assert not list(defined_twice((path, (ROOT / path).read_text("utf-8")) for path in paths))


def defining(*paths: str) -> list[tuple[str, str]]:
    return [(path, "class A: ...\nclass _B: ...\n") for path in paths]


@pytest.mark.parametrize(
    "paths",
    [
        ("bot/a.py", "bot/b.py"),
        ("bot/ports/a.py", "bot/ports/b.py"),
        ("bot/ports/a.py", "bot/a.py", "adapters/slack/a.py"),
        ("adapters/slack/a.py", "adapters/slack/b.py"),
        ("adapters/slack/a.py", "adapters/discord/a.py", "adapters/web/a.py"),
    ],
)
def test_a_class_name_with_two_meanings_is_found(paths: tuple[str, ...]) -> None:
    assert list(defined_twice(defining(*paths)))


@pytest.mark.parametrize(
    "paths",
    [
        ("bot/a.py",),
        ("bot/ports/a.py", "bot/a.py"),
        ("adapters/slack/a.py", "adapters/discord/a.py"),
        ("bot/ports/a.py", "adapters/slack/a.py", "adapters/discord/a.py"),
    ],
)
def test_a_port_and_its_class_may_share_a_name_and_so_may_slack_and_discord(paths: tuple[str, ...]) -> None:
    assert not list(defined_twice(defining(*paths)))


def test_the_laws_have_files_to_look_at() -> None:
    assert {"bot/ports/__init__.py", "flows/flow.py", "tests/test_house.py"} <= set(committed(".py"))


def test_every_long_file_has_its_reason() -> None:
    assert all(len(reason.split()) > 3 and path in committed() for path, reason in LONG.items())
