"""Puts the desk together, the one way in for events."""

from typing import TYPE_CHECKING, Final

from bot.ack_priority import AckPriority
from bot.agents.direct_messages import DirectMessageChoices
from bot.agents.roster import Roster
from bot.desk.desk import Desk
from bot.desk.growth_limits import GrowthLimits
from bot.desk.likeness_meter import LikenessMeter
from bot.desk.settings import DeskSettings
from bot.metrics.metered import MeteredConversations
from bot.metrics.meters import Meters
from bot.notices import Outages
from bot.outbox.carrier import Carrier
from bot.unmatched import UnmatchedCounter
from bot.views.reader import Library
from bot.wiring.sla import Promises
from flows.catalogue import Catalogue

if TYPE_CHECKING:
    from adapters.storage.store import Store

PULLED: Final = frozenset({"web"})
"""Channels that draw their own screen from the journal: nothing is sent to them."""


def open_desk(
    store: "Store",
    library: Library,
    catalogue: Catalogue,
    known: dict[str, str],
    carrier: Carrier,
    outages: Outages,
    promises: Promises,
    ack_priority: AckPriority,
    meter: LikenessMeter,
    meters: Meters,
) -> Desk:
    """Make the desk on an open store. Its effects go to the `carrier`; `known` are the settings that flows show.

    `meters` counts the commits.
    """
    choices = DirectMessageChoices(store.marks).wanted
    met = Roster(store.bookmarks).met
    settings = DeskSettings(
        catalogue, known, promises.timer, PULLED, carrier.hold, promises.delay, outages.paused, choices, met
    )
    counter = UnmatchedCounter(store.unmatched, carrier.begin)
    keys = store.wire.keys.conversation
    carry, places = carrier.carry, store.places
    conversations = MeteredConversations(store.conversations, meters)
    limits = GrowthLimits(store.budgets)
    return Desk(conversations, library, settings, carry, keys, places, ack_priority, meter, counter, limits)
