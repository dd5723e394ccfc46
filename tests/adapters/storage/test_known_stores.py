"""Tests that a machine remembers its store by prefix, and that a damaged memory keeps no process from starting."""

from pathlib import Path

import pytest

from adapters.storage.identity import KnownStore
from adapters.storage.known_stores import FILE, KnownStores


def test_a_store_is_remembered_by_prefix(tmp_path: Path) -> None:
    KnownStores(tmp_path, "one").write(KnownStore("a", 1))
    KnownStores(tmp_path, "two").write(KnownStore("b", 2))
    KnownStores(tmp_path, "two").write(KnownStore())
    assert KnownStores(tmp_path, "one").read() == KnownStore("a", 1)
    assert KnownStores(tmp_path, "two").read() == KnownStore("b", 2)
    assert KnownStores(tmp_path, "three").read() == KnownStore()


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"tt": 1}', '{"tt": {}}', '{"tt": {"identity": "a", "since": ""}}']
)
def test_a_damaged_memory_is_no_memory(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    assert KnownStores(tmp_path, "tt").read() == KnownStore()
