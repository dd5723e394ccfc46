"""Provides what the receivers of all chat platforms need: lookups, the agents' channels, and agents' actions."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from bot.agents.direct_messages import DirectMessageChoices
from bot.agents.thread import AgentDesk, AgentThread
from bot.outbox.deliveries import thread_door
from bot.person_limits import HourlyLimits
from bot.ports import ChatPorts, Look, TeamRooms
from bot.unanswered import UnansweredQuestions
from bot.views.finder import Finder
from bot.wiring.product import App
from flows.conversation import Address

if TYPE_CHECKING:
    from adapters.storage.store import Store


class PlatformRefused(Exception):
    """A platform refused a token; the text is one line that says what to do."""


def chat_ports(
    app: App, channel: str, listed: Callable[[Iterable[str]], frozenset[str]], place: AgentThread
) -> ChatPorts:
    """Return the ports of a platform's receiver. `listed` reads the ids of its channels; `place` handles its agents."""
    store = app.store
    finder = Finder(store.places, store.conversations, store.outbox, app.look)
    rooms = (room.room for room in map(Address.parse, app.desk.rooms.values()) if room.channel == channel)
    return ChatPorts(
        receive=app.receive,
        look=app.look,
        finder=finder,
        marks=store.marks,
        vault=store.vault,
        questions=app.unanswered,
        limits=HourlyLimits(store.allowances),
        catalogue=lambda: app.catalogue,
        support=app.settings.support_email,
        teams=TeamRooms(
            rooms=listed(rooms),
            thread=lambda receipt: finder.at(thread_door(channel, receipt)),
            agents=place,
            direct=DirectMessageChoices(store.marks),
        ),
        ahead=app.outbox.ack_priority.ahead,
    )


def agent_desk(app: App) -> AgentDesk:
    """Return the dependencies that the agents' threads of every platform share."""
    store, reader = app.store, app.reader
    return AgentDesk(
        receive=app.receive,
        dossier=reader.dossier,
        flow=reader.flow,
        saved=reader.replies,
        recipients=reader.recipients,
        status=app.reply_follower.of,
        teams=lambda: reader.teams(app.catalogue),
        guides=lambda: app.catalogue.flows,
        marks=store.marks,
        vault=store.vault,
        pulled=app.reply_follower.pulled,
    )


def unanswered_questions(store: "Store", look: Look, away: Callable[[int], str]) -> UnansweredQuestions:
    """Return what offers help for questions that no one answers; `away` says when the team is back (ms)."""
    finder = Finder(store.places, store.conversations, store.outbox, look)
    return UnansweredQuestions(store.bookmarks, store.marks, finder, away)
