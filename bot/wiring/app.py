"""Puts the product together from its settings: the composition root, the only place that knows every part."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from typing import TYPE_CHECKING, Final

from dotenv import dotenv_values

from bot.ack_priority import AckPriority
from bot.announcement import announced, this_process
from bot.desk.likeness_meter import LikenessMeter
from bot.metrics.metered import MeteredChannel, MeteredLimiter, MeteredOutbox
from bot.metrics.meters import Meters
from bot.notices import Notices, Outages
from bot.outbox.carrier import Carrier
from bot.outbox.deliveries import Deliveries
from bot.ports import Channel
from bot.sign_in import SignIn
from bot.telemetry import log
from bot.views.queue import Queue
from bot.views.reader import Library, Reader
from bot.views.reply_status import ReplyFollower
from bot.wiring.catalogue import equipped, teams_of
from bot.wiring.chats import unanswered_questions
from bot.wiring.desk import PULLED, open_desk
from bot.wiring.flow_files import FlowFiles, read_flow_files
from bot.wiring.flow_words import words
from bot.wiring.labeled_examples import sentence_encoder
from bot.wiring.oidc_roles import entry
from bot.wiring.platforms import open_platforms
from bot.wiring.product import App, Platforms
from bot.wiring.rooms import pings
from bot.wiring.settings import LIBRARY, Settings
from bot.wiring.sla import Promises
from bot.wiring.slack import attach_slack
from bot.wiring.tickets import filers, mailers
from flows.flow import Flow
from flows.rules.ticket_reports import EMAIL

if TYPE_CHECKING:
    from adapters.storage.store import Store

DRAIN_S: Final = 10.0
"""Seconds that sends in progress get to finish after the process is asked to stop."""


def read_flows(settings: Settings, extra: tuple[Flow, ...] = ()) -> FlowFiles:
    """Read the library's flows and the operator's own, which win if two have the same id."""
    folders = (LIBRARY,) if settings.flows_dir is None else (LIBRARY, settings.flows_dir)
    return read_flow_files(folders, extra)


def flow_words(settings: Settings) -> dict[str, str]:
    """Return the settings that flows may show, those of `.env` and the environment included."""
    return words(settings, outside())


def outside() -> dict[str, str]:
    """Return what `.env` and the environment hold (the environment wins), settings that flows name included."""
    return {name: value or "" for name, value in dotenv_values(".env").items()} | dict(os.environ)


@asynccontextmanager
async def open_app(
    settings: Settings,
    *,
    channels: Sequence[Channel] = (),
    extra: tuple[Flow, ...] = (),
    roles: Sequence[str] = ("command",),
) -> AsyncIterator[App]:
    """Attach to the store (or start the embedded one), announce this process there and put everything together.

    `channels` are further senders for this process, `extra` are flows in addition to those of the folders, `roles`
    say what this process does; one without roles only looks, and is not announced. Raises StoreDown, with what to do,
    if the store cannot be reached or started.
    """
    from adapters.storage.formats import NEWEST
    from adapters.storage.store import open_store

    store = await open_store(
        settings.redis_url,
        settings.data_dir,
        prefix=settings.redis_prefix,
        keep_days=settings.keep_days,
        keep_unanswered_days=settings.unanswered_days(),
        memory_mb=settings.store_memory_mb,
        vouched=settings.store_vouched,
    )
    try:
        flow_files = read_flows(settings, extra)
        for problem in flow_files.problems(flow_words(settings)):
            log("flows").warning(str(problem))
        process = this_process(roles, NEWEST, now())
        async with (
            announced(store.processes, store.formats, process) if roles else nullcontext(),
            open_platforms(settings) as platforms,
        ):
            app = compose(settings, store, flow_files, channels, platforms, process=process.name)
            await _keep(app)
            yield app
            await _drain(app)
            if app.encoder is not None:
                await app.encoder.close()
    finally:
        await store.close()


def compose(
    settings: Settings,
    store: "Store",
    flow_files: FlowFiles,
    channels: Sequence[Channel] = (),
    platforms: Platforms | None = None,
    hearing: LikenessMeter | None = None,
    process: str = "process",
) -> App:
    """Put the desk and the outbox onto an open store; the platforms' senders join the `channels`.

    `hearing` stands in for the one that the settings ask for. `process` is this process's name in the metrics.
    """
    entry(settings)  # an incomplete issuer fails at the start, not at the first sign-in
    known = flow_words(settings)
    library = Library(store.revisions, flow_files.catalogue)
    platforms, meters = platforms or Platforms(), Meters()
    backends = filers(settings, store, lambda ticketed: deliveries.ticket(ticketed, EMAIL))
    outages = Outages(store.bookmarks)
    mails = any(backend.name == EMAIL for backend in backends)
    reader = Reader(store.conversations, library, known, outages, flow_files.catalogue.replies, mails=mails)
    posts = mailers(settings, store, reader.screen, now)
    chats = _chat_senders(platforms, store, meters, reader)
    senders = tuple(MeteredChannel(each, meters) for each in (*channels, *chats, *backends, *posts))
    alerted = pings(settings.desk_ping, outside(), teams_of(flow_files.catalogue))
    deliveries = Deliveries(
        store.conversations, store.outbox, library, reader, known, alerted, settings.public_url
    )
    reply_follower = ReplyFollower(store.conversations, store.outbox, PULLED, platforms.markers())
    ack_priority = AckPriority()
    carrier = Carrier(
        MeteredOutbox(store.outbox, meters),
        store.outbox,
        deliveries,
        store.places,
        senders,
        int(settings.send_lease * 1000),
        reply_follower.tell,
        ack_priority,
    )
    catalogue = equipped(settings, flow_files.catalogue, outside(), tuple(each.name for each in backends))
    if posts:
        catalogue = catalogue.model_copy(update={"mailed": PULLED})
    encoder = sentence_encoder(settings)
    promises = Promises(settings, outside(), teams_of(catalogue), now)
    meter = hearing or LikenessMeter(encoder)
    desk = open_desk(
        store, library, catalogue, known, carrier, outages, promises, ack_priority, meter, meters
    )
    carrier.report_lost_places(desk.receive)
    unanswered = unanswered_questions(store, reader.screen, promises.away)
    queue = Queue(store.board, store.index, store.conversations, library, known)
    views = (reader, queue, reply_follower)
    return App(
        settings, store, flow_files, desk, carrier, *views, platforms, unanswered, encoder, meters, process
    )


def _chat_senders(
    platforms: Platforms, store: "Store", meters: Meters, reader: Reader
) -> tuple[Channel, ...]:
    """Return the senders of the chat platforms."""
    attach_slack(platforms, store.bookmarks)
    files = platforms.files(store.kept)
    return platforms.senders(MeteredLimiter(store.limiter, meters), files, reader.retraced)


async def _keep(app: App) -> None:
    await Library(app.store.revisions, app.catalogue).keep()


async def _drain(app: App) -> None:
    try:
        async with asyncio.timeout(DRAIN_S):
            await app.outbox.idle()
    except TimeoutError:
        log("app").warning(
            "stopped before all sends were finished; they stay recorded and are finished at the next start"
        )


def noticeboard(app: App) -> Notices:
    """Return the noticeboard of the desk and the command line."""
    return Notices(app.store.bookmarks, lambda: app.catalogue, now)


def sign_in(app: App) -> SignIn:
    """Return the sign-in to the web desk."""
    settings = app.settings
    return SignIn(app.store.vault, app.store.accounts, now, entry(settings), links=settings.desk_links)


def now() -> int:
    """Return the milliseconds of this machine's clock."""
    return int(time.time() * 1000)
