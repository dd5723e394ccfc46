"""Tests that whatever reaches a log is masked: messages, values, tracebacks, warnings and the lines of libraries."""

import asyncio
import gc
import json
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest
import structlog
from pydantic import BaseModel, SecretStr

from bot.logs.crashes import report_crashes
from bot.logs.masking import MaskedHandler
from bot.telemetry import configure, log
from tests.bot.commands.support.shell import Shell

STYLES: Final = ("human", "json")
WORD: Final = "Tr0ub4dor&3"
HELD: Final = "swordfish"
FORM: Final = f"password={WORD}\\x".encode()
"""A form body that no charset `unicode_escape` can read, with a password in it."""

Said = Callable[[], str]
"""Returns what was logged so far."""


@pytest.fixture(params=STYLES)
def style(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def said(style: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Said]:
    stream = StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    root = logging.getLogger()
    before = root.handlers, root.level, sys.excepthook, threading.excepthook, sys.unraisablehook
    shown = warnings.showwarning
    discord = logging.getLogger("discord")
    muted = discord.level  # by a story that ran the gateway in this process
    discord.setLevel(logging.NOTSET)
    configure(style, "debug", hidden=["Grace-Hopper-1906"])
    report_crashes()
    monkeypatch.undo()
    yield stream.getvalue
    root.handlers, root.level, sys.excepthook, threading.excepthook, sys.unraisablehook = before
    logging.captureWarnings(False)
    discord.setLevel(muted)
    warnings.showwarning = shown
    structlog.reset_defaults()


def fail(password: str) -> None:
    _ = len(password) / 0


def chained() -> None:
    """Raise an error whose cause, notes and group members name a password, and whose locals hold one."""
    try:
        FORM.decode("unicode_escape")
    except UnicodeDecodeError as unread:
        unread.add_note(f"body: password={WORD}")
        try:
            raise ValueError(f"the password was {WORD}") from unread
        except ValueError as refused:
            raise ExceptionGroup("all failed", [KeyError(f"pwd: {WORD}"), refused]) from refused


class Opaque:
    """Repeats a secret when it is shown, as clients of some services do."""

    def __repr__(self) -> str:
        return f"<Opaque password={WORD}>"


class Login(BaseModel):
    user: str
    password: str
    age: int = 0


UNFIT: Final = {"user": "ann", "password": {"is": "swordfish"}, "age": "swordfish"}


class Broken:
    def __repr__(self) -> str:
        raise RuntimeError(f"password: {WORD}")


VALUES: Final[list[Any]] = [
    f"password: {WORD}",
    {"password": WORD, "user": "ann"},
    {"login": [{"clientSecret": WORD}, {"api_key": WORD, "Authorization": WORD, "set-cookie": WORD}]},
    [("ann", f"pwd={WORD}")],
    {f"password: {WORD}"},
    frozenset([f"password: {WORD}"]),
    {f"password={WORD}": 1},
    [("password", WORD), (b"X-Api-Key", WORD)],
    FORM,
    bytearray(FORM),
    ValueError(f"password: {WORD}"),
    UnicodeDecodeError("unicodeescape", FORM, 20, 22, "truncated"),
    Opaque(),
    SimpleNamespace(password=WORD),
    Login(user="ann", password=WORD),
    SecretStr(WORD),
    Path(f"/tmp/password={WORD}/x"),
    Broken(),
    4111111111111111,
]  # fmt: skip


def test_every_bound_value_is_masked_however_deep_it_lies(said: Said) -> None:
    for value in VALUES:
        log("test").warning("failed", given=value)
        log("test").bind(deep={"of": [value]}).debug("failed")
        if not isinstance(value, Broken):
            logging.getLogger("uvicorn.error").error("failed: %s %r", value, [value])
    lines = said()
    assert WORD not in lines
    assert "4111111111111111" not in lines
    assert lines.count("failed") >= 3 * len(VALUES) - 1
    assert "ann" in lines


def test_values_that_contain_themselves_are_logged_all_the_same(said: Said) -> None:
    loop: dict[str, Any] = {"password": WORD}
    loop["again"] = [loop]
    log("test").warning("round", given=loop)
    assert "round" in (lines := said())
    assert WORD not in lines


def test_plain_values_stay_as_they_are(said: Said, style: str) -> None:
    log("test").info("sent", count=3, ok=True, none=None, ids=["C1", 7], at={"turn": 2}, part=0.5)
    line = said()
    if style == "json":
        shown = json.loads(line)
        assert (shown["count"], shown["ok"], shown["none"], shown["part"]) == (3, True, None, 0.5)
        assert (shown["ids"], shown["at"], shown["room"]) == (["C1", 7], {"turn": 2}, "test")
    else:
        assert "count=3" in line
        assert "['C1', 7]" in line


@pytest.mark.row("security", "A password reaches the log through a traceback")
@pytest.mark.parametrize("name", [None, "uvicorn.error", "slack_sdk.web", "discord.http", "redis", "aiohttp"])
def test_tracebacks_are_logged_with_their_causes_and_without_secrets(
    said: Said, style: str, name: str | None
) -> None:
    logger = logging.getLogger(name) if name else log("test")
    try:
        chained()
    except ExceptionGroup:
        logger.exception("failed")
    line = said()
    assert WORD not in line
    shown = json.loads(line)["exception"] if style == "json" else line
    for part in ("Traceback", "ExceptionGroup", "UnicodeDecodeError", "The above exception", "chained"):
        assert part in shown


def test_a_traceback_does_not_show_the_values_at_hand(said: Said, style: str) -> None:
    try:
        fail(HELD)
    except ZeroDivisionError:
        log("test").exception("failed")
        logging.getLogger("a library").exception("failed")
        log("test").error("failed", exc_info=sys.exc_info())
        logging.getLogger("a library").exception("failed", stack_info=True)
    lines = said()
    assert lines.count("ZeroDivisionError") == 4
    assert HELD not in lines
    if style == "json":
        assert all("Traceback" in json.loads(line)["exception"] for line in lines.splitlines())


def test_the_lines_of_a_stack_are_masked(said: Said) -> None:
    log("test").warning("password: Tr0ub4dor&3", stack_info=True)
    assert "test_the_lines_of_a_stack" in (line := said())
    assert WORD not in line


def test_libraries_log_only_warnings_however_talkative_the_log_is(said: Said) -> None:
    logging.getLogger("a library").info("a customer's words")
    assert said() == ""


def test_an_error_of_pydantic_does_not_repeat_what_was_given(said: Said) -> None:
    try:
        Login.model_validate(UNFIT)
    except ValueError:
        log("test").exception("failed")
    assert "swordfish" not in (line := said())
    assert "validation error" in line


async def test_what_asyncio_says_of_a_task_that_no_one_awaited_is_masked(said: Said) -> None:
    async def work() -> None:
        FORM.decode("unicode_escape")

    task = asyncio.create_task(work())
    await asyncio.wait([task])
    del task
    gc.collect()
    asyncio.get_running_loop().call_exception_handler(
        {"message": "failed", "exception": ValueError(f"password: {WORD}"), "body": FORM}
    )
    lines = said()
    assert "Task exception was never retrieved" in lines
    assert "UnicodeDecodeError" in lines
    assert WORD not in lines


def test_warnings_are_masked(said: Said) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(False)  # another test may have left it on
        logging.captureWarnings(True)
        warnings.warn(f"password: {WORD}", UserWarning, stacklevel=1)
    assert "UserWarning" in (line := said())
    assert WORD not in line


def test_a_library_that_formats_its_line_wrongly_leaks_nothing(
    said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = [each for each in logging.getLogger().handlers if isinstance(each, MaskedHandler)]
    monkeypatch.setattr(logging.getLogger(), "handlers", ours)  # pytest's own raises the error
    logging.getLogger("a library").error("%d of many", f"password: {WORD}")
    assert "a library" in (line := said())
    assert WORD not in line


def test_errors_in_threads_and_finalizers_are_masked(said: Said) -> None:
    thread = threading.Thread(target=chained)
    thread.start()
    thread.join()
    sys.unraisablehook(
        SimpleNamespace(
            exc_type=ValueError, exc_value=ValueError(f"password: {WORD}"), exc_traceback=None,
            err_msg=None, object=Opaque(),
        )
    )  # fmt: skip
    sys.excepthook(ValueError, ValueError(f"password: {WORD}"), None)
    lines = said()
    assert lines.count("ValueError") >= 3
    assert WORD not in lines


TOKENS: Final = {
    "a bot's token": "xoxb-1234567890-abcdefghij",
    "a Discord interaction": "https://discord.com/api/v10/webhooks/1/aW50ZXJhY3Rpb246/messages",
    "a stand-in's interaction": "POST http://127.0.0.1:9/api/v10/interactions/1/aW50ZXJhY3Rpb246/callback",
    "a one-time link": "http://127.0.0.1:8000/go/kq3vJ9xw2pLm4Zr8sVb1NcYdETfHgUaQ",
    "a sign-in link": "http://127.0.0.1:8000/desk/in?token=kq3vJ9xw2pLm4Zr8sVb1NcYdETfHgUaQ",
    "a cookie": "cookie: tt_visitor=kq3vJ9xw2pLm4Zr8sVb1NcYdETfHgUaQ; tt_script=1",
    "what the operator set": "the answer has Grace-Hopper-1906 in it",
}


@pytest.mark.parametrize("what", TOKENS)
def test_the_tokens_of_the_product_itself_are_masked(said: Said, what: str) -> None:
    text = TOKENS[what]
    log("test").warning("failed", reason=text, deep=[{"at": text}])
    logging.getLogger("discord.http").warning("We are being rate limited: %s", text)
    lines = said()
    for secret in ("1234567890-abc", "aW50ZXJhY3Rpb246", "kq3vJ9xw2pLm4Zr8s", "Grace-Hopper-1906"):
        assert secret not in lines


CRASH: Final = f"""
import sys
import bot.commands.operators.doctor as doctor
def broken():
    password = {WORD!r}
    raise ValueError("the password was " + password)
sys.argv = ["bot", "doctor"]
import bot.commands.startup as startup
startup.opened = lambda **_: broken()
doctor.opened = startup.opened
import bot.__main__
bot.__main__.main()
"""


def test_a_command_that_crashes_shows_its_traceback_masked(tmp_path: Path) -> None:
    ended = Shell(tmp_path).process(code=CRASH)
    assert ended.returncode == 1
    assert "Traceback" in ended.stderr
    assert "ValueError" in ended.stderr
    assert WORD not in ended.stderr
