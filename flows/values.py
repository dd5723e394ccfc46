"""Provides the parent of every value: frozen, strict about unknown names, compact as JSON."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A value: it never changes, an unknown field is an error, and equal content makes two values equal."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
