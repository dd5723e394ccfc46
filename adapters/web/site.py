"""Holds the ports and settings that the composition root gives to the web channel."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from adapters.web.desk.deps import DeskDeps
from bot.ports import (
    Budgets,
    ConfirmedAddresses,
    Feed,
    Files,
    Health,
    Limiter,
    Look,
    MemoryGauge,
    ReadPositions,
    Receive,
    RequestMeter,
    Uploads,
    Vault,
)
from flows.flow import Flow
from flows.prompts import Settings, flow_values
from flows.text.markup.words import Words, fill, parse, plain


@dataclass(frozen=True)
class OfferedFlow:
    """A flow that a customer can choose, as plain text."""

    id: str
    title: str
    intro: str = ""

    @classmethod
    def of(cls, flow: Flow, settings: Settings) -> "OfferedFlow":
        """Describe a flow, with the operator's settings filled in."""
        values = flow_values(flow, settings)
        return cls(id=flow.id, title=flow.title, intro=plain(fill(parse(flow.intro), values)))


async def _no_problems() -> Mapping[str, str]:
    return {}


async def _no_metrics() -> str:
    return ""


async def _no_notices() -> Mapping[str, Words]:
    return {}


@dataclass(frozen=True)
class Site:
    """Holds the ports and settings of the page and the REST API.

    `secret` is 32 bytes that must never change, because tokens and the visitors' hashes depend on it. If `public_url`
    is '', addresses are derived from the request. `embed_origins` may show the page in a frame and call the API from a
    browser. Only `trusted_proxies` (addresses or networks) may name another client's address. Requests for other hosts
    than `allowed_hosts`, `public_url`'s and this machine's own names are refused.
    `picture` returns a picture from a flow's folder with its media type, by revision and name; without it, only https
    pictures are shown. `beside` are ASGI applications by path that check their callers themselves; the guard counts
    their requests separately.
    `desk` holds the ports of the web desk; without it, there is no desk.
    `files` fetches files that people sent. `uploads` stores uploaded files, which together may have `files_bytes`.
    `flows` returns the available flows, `notices` the current notices by the id of their flow.
    `mails` says whether customers who left and gave an address get emails.
    `problems` says what an operator must mend on the chat platforms, by what it is about.
    `metrics` draws the page of metrics for those who have the `metrics_token` ('': for no one), and `meter` counts.
    `now` returns milliseconds, close to the store's clock.
    """

    receive: Receive
    look: Look
    offers: Callable[[], tuple[OfferedFlow, ...]]
    flows: Callable[[], tuple[Flow, ...]]
    feed: Feed
    limiter: Limiter
    budgets: Budgets
    memory: MemoryGauge
    vault: Vault
    addresses: ConfirmedAddresses
    views: ReadPositions
    health: Health
    secret: bytes
    now: Callable[[], int]
    product_name: str = ""
    support_name: str = ""
    support_email: str = ""
    public_url: str = ""
    embed_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    allowed_hosts: tuple[str, ...] = ()
    events_per_minute: int = 240
    starts_per_minute: int = 600
    picture: Callable[[str, str], tuple[bytes, str] | None] | None = None
    desk: DeskDeps | None = None
    mails: bool = False
    problems: Callable[[], Awaitable[Mapping[str, str]]] = _no_problems
    files: Files | None = None
    notices: Callable[[], Awaitable[Mapping[str, Words]]] = _no_notices
    uploads: Uploads | None = None
    files_bytes: int = 0
    beside: Mapping[str, Callable[..., Awaitable[None]]] = field(default_factory=dict)
    metrics: Callable[[], Awaitable[str]] = _no_metrics
    metrics_token: str = ""
    meter: RequestMeter | None = None
