"""Tests that values copy as pydantic's do, only cheaper, and that values of the program itself are made as cheaply."""

import pickle
from collections.abc import Callable
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from pydantic import BaseModel

import flows
from flows.conversation import Conversation
from flows.effects import Ask, Change
from flows.events import Answered, Restarted
from flows.values import Frozen
from tests.fakes.flows import catalogue


def kinds(parent: type[Frozen] = Frozen) -> list[type[Frozen]]:
    """Return all classes of values that the flows define."""
    found = [kind for child in parent.__subclasses__() for kind in (child, *kinds(child))]
    return [kind for kind in dict.fromkeys(found) if kind.__module__.startswith("flows.")]


for module in walk_packages(flows.__path__, "flows."):
    import_module(module.name)
KINDS = kinds()
TRUSTED: Callable[..., Frozen] = vars(Frozen)["trusted"].__func__
"""The function itself: tests validate what it makes, and here any content does."""


CONTENTS = st.one_of(
    st.booleans(), st.integers(0, 9), st.text("ab", max_size=2), st.just(()), st.just(("a", "b"))
)
"""Contents of fields; copies and trusted values check no types, so any content does for any field."""


@st.composite
def contents(draw: st.DrawFn, kind: type[Frozen]) -> dict[str, Any]:
    """Draw some of the fields of a class, the needed ones among them."""
    names = draw(st.sets(st.sampled_from(sorted(kind.model_fields)), max_size=6))
    names |= {name for name, info in kind.model_fields.items() if info.is_required()}
    return {name: draw(CONTENTS) for name in sorted(names)}


WITH_FIELDS = st.sampled_from([kind for kind in KINDS if kind.model_fields])


@settings(max_examples=300)
@given(data=st.data(), kind=WITH_FIELDS)
def test_a_copy_is_pydantics(data: st.DataObject, kind: type[Frozen]) -> None:
    drawn = data.draw(contents(kind))
    value = kind.model_construct(**drawn)
    update = data.draw(contents(kind))
    same(value.model_copy(update=update), BaseModel.model_copy(value, update=update))
    same(value.model_copy(), BaseModel.model_copy(value))
    same(value.model_copy(update=update, deep=True), BaseModel.model_copy(value, update=update, deep=True))
    same(value, kind.model_construct(**drawn))


@settings(max_examples=300)
@given(data=st.data(), kind=WITH_FIELDS)
def test_a_trusted_value_is_pydantics(data: st.DataObject, kind: type[Frozen]) -> None:
    drawn = data.draw(contents(kind))
    same(TRUSTED(kind, **drawn), kind.model_construct(**drawn))


def same(ours: Frozen, theirs: Frozen) -> None:
    """Compare all that a value is: content in its order, given fields, dumps, hash, text and pickled form."""
    assert ours == theirs
    assert type(ours) is type(theirs)
    assert list(vars(ours)) == list(vars(theirs))
    assert ours.model_fields_set == theirs.model_fields_set
    assert ours.model_extra is None
    assert repr(ours) == repr(theirs)
    assert dumps(ours) == dumps(theirs)
    assert pickle.loads(pickle.dumps(ours)) == theirs
    assert hashed(ours) == hashed(theirs)


def dumps(value: Frozen) -> tuple[dict[str, Any], ...]:
    return (
        value.model_dump(warnings=False),
        value.model_dump(warnings=False, exclude_defaults=True),
        value.model_dump(warnings=False, exclude_unset=True),
    )


def hashed(value: Frozen) -> int | str:
    try:
        return hash(value)
    except TypeError as error:
        return str(error)


def test_a_value_has_fields_only() -> None:
    for kind in KINDS:
        assert not kind.__private_attributes__, kind
        assert (kind.model_config.get("frozen"), kind.model_config.get("extra")) == (True, "forbid"), kind
        assert all(info.alias is None for info in kind.model_fields.values()), kind


def test_a_name_that_is_no_field_is_an_error() -> None:
    at = Conversation(id="07")
    with pytest.raises(TypeError, match="Conversation has no field stepp"):
        at.model_copy(update={"stepp": "a", "turn": 1})
    with pytest.raises(TypeError, match="Ask has no field step"):
        Ask.trusted(step="a")


def test_a_field_that_is_needed_must_be_given() -> None:
    with pytest.raises(TypeError, match="Change needs event"):
        Change.trusted(set={})


def test_tests_validate_what_is_trusted() -> None:
    with pytest.raises(ValueError, match="turn"):
        Ask.trusted(turn="soon")


def test_a_copy_stays_frozen_and_leaves_the_first_value_alone() -> None:
    at = Conversation(id="07", step="a")
    moved = at.model_copy(update={"step": "b"})
    assert (at.step, moved.step) == ("a", "b")
    assert at.model_fields_set == {"id", "step"}
    with pytest.raises(ValueError, match="frozen"):
        moved.step = "c"  # type: ignore[misc]  # what is forbidden is tried
    with pytest.raises(ValueError, match="frozen"):
        Ask.trusted(turn=1).turn = 2  # type: ignore[misc]  # what is forbidden is tried


def test_what_was_worked_out_once_is_kept_in_a_copy() -> None:
    shelf = catalogue()
    known = shelf.by_id
    assert shelf.model_copy(update={"paused": frozenset({"a"})}).by_id is known


def test_values_from_outside_are_validated() -> None:
    with pytest.raises(ValueError, match="turn"):
        Answered.model_validate({"turn": "soon"})
    with pytest.raises(ValueError, match="extra"):
        Restarted.model_validate({"step": "a"})
