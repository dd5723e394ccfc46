"""What the web channel is given by the composition root: the desk's way in, the look at a screen, and who runs it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from adapters.web.desk.deps import DeskDeps
from bot.ports import Feed, Files, Health, Limiter, Look, ReadPositions, Receive, Vault
from flows.events import File
from flows.flow import Flow
from flows.prompts import Settings, flow_values
from flows.text.words import fill, parse, plain


@dataclass(frozen=True)
class OfferedFlow:
    """A problem a customer can pick; all of it plain text."""

    id: str
    title: str
    intro: str = ""

    @classmethod
    def of(cls, flow: Flow, settings: Settings) -> "OfferedFlow":
        """A flow as it is offered, with the operator's words filled in."""
        values = flow_values(flow, settings)
        return cls(id=flow.id, title=flow.title, intro=plain(fill(parse(flow.intro), values)))


@dataclass(frozen=True)
class Site:
    """Everything the page and the REST API stand on.

    `secret` is 32 bytes that stay the same ever after: tokens and the hashes of visitors are made with it. With
    `public_url` '' addresses are derived from the request. `embed_origins` may put the page in a frame and call
    the API from a browser. Only peers within `trusted_proxies` (addresses or networks) are believed about whom
    they speak for. `picture` gives a file that lies beside a flow, by revision and name, with its media type;
    without it only https images are shown. `beside` are ASGI applications served at a path each, before
    the page's own guard. `desk` is what agents' pages stand on; without it there are none.
    `files` fetches what people sent, `keep` keeps what is uploaded: by conversation, name, media type and content.
    `mails` says that customers who left and gave an address are mailed.
    `now` is milliseconds, of the same clock as the store's or close to it.
    """

    receive: Receive
    look: Look
    offers: Callable[[], tuple[OfferedFlow, ...]]
    feed: Feed
    limiter: Limiter
    vault: Vault
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
    events_per_minute: int = 240
    starts_per_minute: int = 6000
    picture: Callable[[str, str], tuple[bytes, str] | None] | None = None
    desk: DeskDeps | None = None
    mails: bool = False
    files: Files | None = None
    keep: Callable[[str, str, str, bytes], Awaitable[File]] | None = None
    beside: Mapping[str, Callable[..., Awaitable[None]]] = field(default_factory=dict)
