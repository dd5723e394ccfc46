"""Gives the web channel its ports and settings: the page, the API and the desk."""

import time
from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING

from bot.quarantine import Masked
from bot.views.reader import Library
from bot.views.reply_status import Arrivals
from bot.wiring.app import flow_words, noticeboard, now, sign_in
from bot.wiring.desk import PULLED
from bot.wiring.oidc_roles import entry
from bot.wiring.problems import KnownProblems
from bot.wiring.product import App
from bot.wiring.settings import Settings
from bot.wiring.slack import slack_guard
from bot.wiring.tickets import hooks

if TYPE_CHECKING:
    from adapters.web import Site
    from adapters.web.desk.deps import DeskDeps
    from adapters.web.desk.oidc.issuer import Issuer


async def web(app: App) -> Callable[..., object]:
    """Return the web channel as an ASGI application."""
    from adapters.web import create

    return create(await site(app))


async def site(app: App) -> "Site":
    """Return the dependencies of the web channel."""
    from adapters.web import OfferedFlow, Site

    settings, known = app.settings, flow_words(app.settings)
    return Site(
        receive=app.receive,
        look=app.look,
        offers=lambda: tuple(OfferedFlow.of(flow, known) for flow in app.catalogue.flows),
        flows=lambda: app.catalogue.flows,
        notices=app.reader.notices,
        feed=app.store.feed,
        limiter=app.store.limiter,
        budgets=app.store.budgets,
        memory=app.store.memory,
        vault=app.store.vault,
        addresses=app.store.addresses,
        views=app.store.views,
        files=app.platforms.files_for_people(app.store.kept),
        uploads=app.store.kept,
        files_bytes=settings.files_mb * 1024 * 1024,
        health=app.store.health,
        problems=KnownProblems(app.problems),
        secret=await app.store.vault.secret("web"),
        product_name=settings.product_name,
        support_email=settings.support_email,
        support_name=settings.support_name,
        public_url=settings.public_url,
        embed_origins=settings.embed_origins,
        trusted_proxies=settings.trusted_proxies,
        allowed_hosts=(*settings.allowed_hosts, *_own_host(settings.host)),
        events_per_minute=settings.events_per_minute,
        starts_per_minute=settings.starts_per_minute,
        now=now,
        picture=app.flow_files.picture,
        beside={**slack_guard(app, time.time), **hooks(settings, app.receive, app.store.index)},
        desk=_desk_deps(app, known),
        mails="web" in app.desk.mailed,
        metrics=lambda: app.exposition.page(now()),
        metrics_token=settings.metrics_token.get_secret_value(),
        meter=app.meters,
    )


def _desk_deps(app: App, known: Mapping[str, str]) -> "DeskDeps":
    from adapters.web.desk.deps import DeskDeps

    store = app.store
    library = Library(store.revisions, app.catalogue)
    return DeskDeps(
        inspect=app.reader.dossier,
        past=app.reader.past,
        replies=app.reader.replies,
        recipients=app.reader.recipients,
        queue=app.queue,
        standing=store.board.standing,
        accounts=store.accounts,
        sign_in=sign_in(app),
        noticeboard=noticeboard(app),
        unmatched=store.unmatched,
        eraser=app.erasure,
        quarantine=Masked(store.quarantine),
        arrivals=Arrivals(
            store.conversations, store.outbox, store.backlog, PULLED, store.views, store.addresses
        ),
        flow=library.flow,
        catalogue=lambda: app.catalogue,
        words=known,
        issuer=issuer(app.settings),
        links=app.settings.desk_links,
    )


def issuer(settings: Settings) -> "Issuer | None":
    """Return the OpenID Connect issuer, if one is set. Raises SettingsError."""
    found = entry(settings)
    if found is None:
        return None
    from adapters.web.desk.oidc.issuer import Issuer, OidcClient

    secret = found.client_secret.get_secret_value()
    return Issuer(OidcClient(found.issuer, found.client_id, secret, found.scope, found.label), time.time)


def _own_host(host: str) -> tuple[str, ...]:
    """Return the address that the page listens on as a browser names it; () if it listens on all of them."""
    if host in (str(IPv4Address(0)), str(IPv6Address(0))):
        return ()
    return (f"[{host}]" if ":" in host else host,)
