"""The laws of the house: each is a function of a file's path and text that yields where the file breaks it.

A finding starts with its line, so that `PATH:` before it makes something an editor can open.
"""

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

LONG: Final[dict[str, str]] = {}
"""Files that may have more than 300 lines (never more than 500), each with the reason."""

NO_ROOMS: Final = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}

VALUES: Final = {"Frozen", "NamedTuple", "Enum", "StrEnum", "IntEnum"}
"""Whoever stands on one of these is a value; so is whatever comes from `flows`, and every frozen dataclass."""

PURE: Final = frozenset(
    re.findall(
        r"\w+",
        """
        cast compile count dict field findall format frozenset get_args items join keys len list maketrans max
        min object range set sorted split tuple values zip MappingProxyType NewType ParamSpec TypeVar timedelta files
        joinpath resolve Path getLogger get_logger AfterValidator BeforeValidator ConfigDict Discriminator Field
        JSONEncoder PrivateAttr SecretStr SettingsConfigDict StringConstraints TypeAdapter Argument Option Typer
        add_typer callback command Style Text Theme APIKeyCookie Body Cookie Depends Form HTTPBearer Header Query
        """,
    )
)
"""What else may be called while a module is read: it makes a value or registers a command, and reaches nothing."""

CLOCKS: Final = {f"{kind}.{call}" for kind in ("datetime", "date") for call in ("now", "utcnow", "today")}
WORLD: Final = {"os.environ", "os.getenv", "read_text", "read_bytes", "write_text"}
BUILT_IN: Final = {"open", "print", "input"}
WORLD_MODULES: Final = {"time", "random", "secrets", "asyncio", "socket", "threading", "os", "uuid"}

SILENCED: Final = re.compile(
    r"#\s*(noqa|type:\s*ignore)(:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*|\[[^]]*\])?(?P<reason>.*)"
)
"""A comment that silences a tool, its codes, and what stands behind them."""

# Spelled in pieces, so that this file keeps its own law.
ELSEWHERE: Final = re.compile(
    "|".join(
        [
            r"py" + r"pi\.(org|io)",
            r"python" + r"hosted\.",
            r"npm" + r"js\.(org|com)",
            r"deb" + r"\.debian",
            r"deb" + r"ian\.org",
            r"/wo" + r"rk/(main|shared|steering|\.)",
            r"/ro" + r"ot/",
            r"/ho" + r"me/\w",
        ]
    ),
    re.IGNORECASE,
)

Check = Callable[[str, str], Iterator[str]]


def dotted(node: ast.AST) -> str:
    """`a.b.c` for an attribute or a name, else what can be said of its end."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}".lstrip(".")
    return node.id if isinstance(node, ast.Name) else ""


@lru_cache(maxsize=4)
def tree(source: str) -> ast.Module:
    """The file, parsed; kept for the laws that ask of the same file next."""
    return ast.parse(source)


@lru_cache(maxsize=4)
def nodes(source: str) -> tuple[ast.AST, ...]:
    """Everything in the file, from the outside to the inside."""
    return tuple(ast.walk(tree(source)))


def imports(source: str) -> Iterator[tuple[int, str]]:
    """Every module imported, with its line."""
    for node in nodes(source):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def functions(source: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method."""
    for node in nodes(source):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


# ---------------------------------------------------------------- the laws


def opens_with_a_sentence(_path: str, source: str) -> Iterator[str]:
    """The first line of a file says what the file is for."""
    first = (ast.get_docstring(tree(source)) or "").split("\n")[0]
    if len(first.split()) < 3 or first[-1] not in ".!?":
        yield f"1: opens with {first!r}, which is no sentence on what the file is for"


def is_short(path: str, source: str) -> Iterator[str]:
    """A file is one room with one job."""
    lines = source.count("\n")
    if lines > 500 or (lines > 300 and path not in LONG):
        yield f"{lines}: lines; it is more than one room"


def has_short_functions(_path: str, source: str) -> Iterator[str]:
    """A function fits on a screen."""
    for function in functions(source):
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > 60:
            yield f"{function.lineno}: {function.name} has {lines} lines"


def has_a_name_that_says_something(path: str, _source: str) -> Iterator[str]:
    """No room collects what nobody owns."""
    for part in Path(path).with_suffix("").parts:
        if part in NO_ROOMS:
            yield f"1: a room called {part} collects what nobody owns"


def does_nothing_at_import(_path: str, source: str) -> Iterator[str]:
    """Reading a module makes values and registers commands; it opens, starts and asks nothing."""
    module = tree(source)
    pure = PURE | set(_values(module))
    for statement in _run_at_import(module.body):
        if isinstance(statement, ast.For | ast.While | ast.With | ast.Try):
            yield f"{statement.lineno}: runs when the module is imported"
        for call in _calls(statement):
            if (name := dotted(call.func)).rpartition(".")[2] not in pure:
                yield f"{call.lineno}: calls {name or 'something'} when the module is imported"


def _values(module: ast.Module) -> Iterator[str]:
    """Names of this file that make values."""
    for node in module.body:
        if isinstance(node, ast.ClassDef):
            frozen = any("frozen=True" in ast.unparse(mark) for mark in node.decorator_list)
            if frozen or any(dotted(base) in VALUES for base in node.bases):
                yield node.name
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "flows":
            yield from (alias.asname or alias.name for alias in node.names if alias.name[0].isupper())


def _run_at_import(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a module and of its classes; not what runs as a program only."""
    for statement in body:
        if isinstance(statement, ast.ClassDef):
            yield from _run_at_import(statement.body)
        elif isinstance(statement, ast.If):
            if "__main__" not in ast.unparse(statement.test):
                yield from _run_at_import(statement.body + statement.orelse)
        else:
            yield statement


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    """Calls made when `node` is run, which are not those in the body of a function or a lambda."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        inner: list[ast.expr | None] = [*node.args.defaults, *node.args.kw_defaults]
        for default in inner:
            if default is not None:
                yield from _calls(default)
        return
    if isinstance(node, ast.Call):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from _calls(child)


def is_pure(_path: str, source: str) -> Iterator[str]:
    """What decides looks at nothing but what it is given."""
    for line, module in imports(source):
        if module.split(".")[0] in WORLD_MODULES:
            yield f"{line}: imports {module}; what is outside comes in with the event"
    for node in nodes(source):
        name = dotted(node.func) if isinstance(node, ast.Call) else dotted(node)
        if name.endswith(tuple(CLOCKS | WORLD)) or (isinstance(node, ast.Call) and name in BUILT_IN):
            yield f"{getattr(node, 'lineno', 1)}: uses {name}"


def spells_no_keys(_path: str, source: str) -> Iterator[str]:
    """Keys are spelled in one place, so that a slot and a time to live cannot be forgotten."""
    for node in nodes(source):
        text = _spelled(node)
        if re.match(r"tt:|\0prefix:", text) or re.search(r":\{(\d\d|\0\w*)\}", text):
            yield f"{getattr(node, 'lineno', 1)}: spells a key; only adapters/storage/keys.py does"


def _spelled(node: ast.AST) -> str:
    """A literal as written, with NUL and a name where something is put in."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.FormattedValue):
        return "\0" + dotted(node.value).rpartition(".")[2]
    return "".join(map(_spelled, node.values)) if isinstance(node, ast.JoinedStr) else ""


def has_narrow_ports(_path: str, source: str) -> Iterator[str]:
    """A port has at most five methods."""
    for node in tree(source).body:
        if isinstance(node, ast.ClassDef) and any(dotted(base) == "Protocol" for base in node.bases):
            methods = [part for part in node.body if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)]
            if len(methods) > 5:
                yield f"{node.lineno}: {node.name} has {len(methods)} methods; a port has at most five"


def freezes_its_values(_path: str, source: str) -> Iterator[str]:
    """Nothing that is handed around can be changed behind somebody's back; errors must take their traceback."""
    for node in nodes(source):
        if not isinstance(node, ast.ClassDef):
            continue
        bases = [dotted(base).rpartition(".")[2] for base in node.bases]
        model = "BaseModel" in bases or any("dataclass" in ast.unparse(mark) for mark in node.decorator_list)
        error = any(base.endswith(("Exception", "Error")) for base in bases)
        if model and not error and "frozen=True" not in ast.unparse(node):
            yield f"{node.lineno}: {node.name} is a value and not frozen"


def names_tests_with_sentences(_path: str, source: str) -> Iterator[str]:
    """The names of the tests, read one after the other, say what the product does."""
    for function in functions(source):
        name = function.name
        if name.startswith("test_") and len([word for word in name.split("_") if word]) < 4:
            yield f"{function.lineno}: {name} is no sentence"


def uses_no_mocks(_path: str, source: str) -> Iterator[str]:
    """A fake does the thing, small; a mock repeats the code it stands for."""
    for line, module in imports(source):
        if re.match(r"(unittest\.)?mock\b|pytest_mock", module):
            yield f"{line}: imports {module}; fakes are small and real"


def waits_for_what_happens(path: str, source: str) -> Iterator[str]:
    """A test that sleeps is slow on a good day and wrong on a bad one."""
    if path.startswith(("tests/fakes/", "tests/chaos/")) and "/tests/" not in path:
        return
    for node in nodes(source):
        if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] == "sleep":
            given = node.args[0] if node.args else None
            if isinstance(given, ast.Constant) and given.value:
                yield f"{node.lineno}: sleeps {given.value!r} s and hopes; wait for what should happen"


def gives_a_reason_for_each_exception(_path: str, source: str) -> Iterator[str]:
    """Whoever silences a tool says why, beside it."""
    if not SILENCED.search(source):
        return
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        found = SILENCED.search(token.string) if token.type == tokenize.COMMENT else None
        if found and len(re.findall(r"\w+", found["reason"])) < 2:
            yield f"{token.start[0]}: an exception without a reason beside it"


def names_no_place_outside(_path: str, source: str) -> Iterator[str]:
    """What is committed works wherever it is cloned."""
    for number, line in enumerate(source.splitlines(), 1):
        if found := ELSEWHERE.search(line):
            yield f"{number}: names {found[0]}, a registry's host or a folder of one machine"
