"""The laws of rooms and names: how large a folder is, what pure rooms may import, and what things are called."""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from tests.house import imports, nodes, tree

ROOM_SIZE: Final = 20
"""How many modules a folder holds at most; `__init__.py` is none."""

WAITING: Final = {"asyncio", "aiohttp", "slack_sdk", "slack_bolt", "discord", "time"}
"""What a room that only reads or only draws has no use for."""

ING_NOUNS: Final = {"masking", "reopening", "understanding"}
"""Module names in -ing that are nouns of the field. The list may shrink and never grow."""

CHATS: Final = ("adapters/slack/", "adapters/discord/")
"""The two adapters whose rooms and names are the same."""

UNIT: Final = re.compile(r"\b(milli)?seconds?\b", re.IGNORECASE)
"""Words by which a constant's own sentence says that it is a time."""


def crowded(paths: Iterable[str]) -> Iterator[str]:
    """Yield every folder of more modules than somebody takes in at a glance."""
    rooms = Counter(str(Path(path).parent) for path in paths if not path.endswith("__init__.py"))
    for room, modules in sorted(rooms.items()):
        if modules > ROOM_SIZE:
            yield f"{room}: holds {modules} modules; a folder holds at most {ROOM_SIZE}"


def waits_for_nothing(_path: str, source: str) -> Iterator[str]:
    """Reading what came in and drawing what goes out wait for nobody and ask no clock."""
    for line, module in imports(source):
        if module.split(".")[0] in WAITING:
            yield f"{line}: imports {module}; this room only reads or only draws"
    for node in nodes(source):
        if isinstance(node, ast.AsyncFunctionDef):
            yield f"{node.lineno}: {node.name} is async; this room waits for nothing"


def is_named_by_a_noun(path: str, _source: str) -> Iterator[str]:
    """A module is called by what is in it, not by what somebody does there."""
    stem = Path(path).stem
    if stem.endswith("ing") and stem not in ING_NOUNS:
        yield f"1: {stem} is no noun; name the thing"


def names_units_of_time(_path: str, source: str) -> Iterator[str]:
    """A number that is a time says in its name what it counts."""
    body = tree(source).body
    for node, after in zip(body, [*body[1:], None], strict=True):
        name, value = _constant(node)
        sentence = ast.unparse(after) if isinstance(after, ast.Expr) else ""
        if name and _number(value) and UNIT.search(sentence) and not name.endswith(("_S", "_MS")):
            yield f"{node.lineno}: {name} is a time; its name ends in _S or _MS"


def _constant(node: ast.stmt) -> tuple[str, ast.expr | None]:
    """The name and the value of a constant; an empty name where it is none."""
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id.isupper():
        return node.target.id, node.value
    if (
        isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id.isupper()
    ):
        return node.targets[0].id, node.value
    return "", None


def _number(node: ast.expr | None) -> bool:
    """Whether that is a number, or calculated from numbers and names."""
    if isinstance(node, ast.BinOp):
        return _number(node.left) and _number(node.right)
    return isinstance(node, ast.Name) or (
        isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
    )


def classes(paths: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The modules in which each public class is defined, of (path, source) pairs."""
    found: dict[str, list[str]] = {}
    for path, source in paths:
        for node in tree(source).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found.setdefault(node.name, []).append(path)
    return found


def defined_twice(paths: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield every public class name with two meanings: two modules define it, and no rule says that they agree.

    A port and the one class that implements it share a name, and so do the parts of the two chat adapters, which
    have the same rooms.
    """
    for name, modules in sorted(classes(paths).items()):
        ports = [module for module in modules if module.startswith("bot/ports/")]
        if len(ports) > 1 or len(_kinds(set(modules) - set(ports))) > 1:
            yield f"{name}: is defined in {', '.join(modules)}"


def _kinds(modules: set[str]) -> set[str]:
    """The modules, with a pair of Slack's and Discord's counted as one."""
    chats = {path for path in modules if path.startswith(CHATS)}
    if len({path.split("/")[1] for path in chats}) < len(chats):
        return modules
    return (modules - chats) | {"chats" for _ in chats}
