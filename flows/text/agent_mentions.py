"""Finds agents whom a note names with @ and their name. Pure."""

import re
from collections.abc import Mapping


def mentioned(text: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """Return the actors of the agents whom the text names, in order; `names` are the agents' names by actor.

    Of two names that begin alike the longer one counts. Agents of the same name are all meant.
    """
    known: dict[str, list[str]] = {}
    for actor, name in names.items():
        if name.strip():
            known.setdefault(name.strip().casefold(), []).append(actor)
    if "@" not in text or not known:
        return ()
    longest_first = sorted(known, key=len, reverse=True)
    pattern = re.compile(rf"(?<![\w@])@({'|'.join(map(re.escape, longest_first))})(?!\w)")
    found = (actor for name in pattern.findall(text.casefold()) for actor in known[name])
    return tuple(dict.fromkeys(found))
