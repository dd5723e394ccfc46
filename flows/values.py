"""Provides the parent of every value: frozen, strict about unknown names, compact as JSON, cheap to copy."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final, Self

from pydantic import BaseModel, ConfigDict

_fill: Final = BaseModel.__dict__["__dict__"].__set__
_fill_given: Final = BaseModel.__dict__["__pydantic_fields_set__"].__set__
_fill_extra: Final = BaseModel.__dict__["__pydantic_extra__"].__set__
_fill_private: Final = BaseModel.__dict__["__pydantic_private__"].__set__
"""Functions that fill a slot of a new value, although it is frozen."""


class Frozen(BaseModel):
    """A value: it never changes, an unknown field is an error, and equal content makes two values equal.

    A value has fields only, no private attributes, so a copy is a new object with the same fields.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with these fields replaced: what pydantic returns, in half the time.

        The new values are not checked, as in pydantic. A name that is no field is a TypeError.
        """
        if deep:
            return super().model_copy(update=update, deep=True)
        given, fields = self.__pydantic_fields_set__, self.__dict__.copy()
        if update:
            known = len(fields)
            fields.update(update)
            if len(fields) != known:
                _check_names(type(self), update)
            if not given.issuperset(update):
                given = given.union(update)
        copied = object.__new__(type(self))
        _fill(copied, fields)
        _fill_given(copied, given)
        _fill_extra(copied, None)
        _fill_private(copied, None)
        return copied

    @classmethod
    def trusted(cls, **values: Any) -> Self:
        """Return a value of fields that the program made itself: their names are checked, their types are not.

        Validate what comes from outside: construct the class for that.
        """
        defaults, needed = _blank(cls)
        fields = defaults | values
        if len(fields) != len(defaults) or (needed and not needed.issubset(values)):
            _check_names(cls, values, needed)
        made = object.__new__(cls)
        _fill(made, fields)
        _fill_given(made, set(values))
        _fill_extra(made, None)
        _fill_private(made, None)
        return made


@cache
def _blank(cls: type[Frozen]) -> tuple[dict[str, Any], frozenset[str]]:
    """Return the class's defaults by field, in the order of its fields, and the names of fields without a default.

    Values share a default, since they never change.
    """
    fields = cls.model_fields
    needed = frozenset(name for name, field in fields.items() if field.is_required())
    defaults = {name: field.get_default(call_default_factory=True) for name, field in fields.items()}
    return defaults, needed


def _check_names(cls: type[Frozen], names: Iterable[str], needed: Iterable[str] = ()) -> None:
    """Raise TypeError if a name is no field of the class, or a needed name is missing."""
    names = frozenset(names)
    unknown = sorted(names - cls.model_fields.keys())
    if unknown:
        raise TypeError(f"{cls.__name__} has no field {', '.join(unknown)}")
    missing = sorted(frozenset(needed) - names)
    if missing:
        raise TypeError(f"{cls.__name__} needs {', '.join(missing)}")
