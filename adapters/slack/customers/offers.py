"""Offers: where somebody quotes an error we have a guide for, it is offered once, and never where it is not wanted."""

import json
from typing import Any, Final

from adapters.slack.api.addresses import Person, Place
from adapters.slack.api.client import FAILURES
from adapters.slack.customers.conversations import SlackConversations, room_for_offers
from adapters.slack.inbound.events import MessageEdited, Pressed, Written, message_key
from adapters.slack.render.card import collapsed_offer, note, offer
from adapters.slack.render.texts import said
from adapters.slack.render.tokens import DeclineOffer, OfferToken, StopOffers, TakeOffer
from bot.telemetry import log
from flows.text.masking import mask
from flows.text.phrases import PHRASES
from flows.text.understanding import recognise

"""What the values of an offer's three buttons begin with; behind it stands a token of the Vault, or nothing."""

UNDER: Final = "kept"
"""The bookmark on a message's shelf that says under which token its words are kept."""

OFFER_VALID_S: Final = 3 * 24 * 3600
"""Seconds an offer may be taken up."""

OFFER_ONCE_S: Final = 30 * 24 * 3600
"""Seconds in which a thread gets no second offer."""

COOLDOWN_S: Final = 600
"""Seconds between two offers in one channel."""

SWITCHES: Final = {"offers on": True, "offers off": False}
"""What the bot is told in a mention to offer guides in a channel, or to stop it."""


class Offers:
    """Offers a guide in a channel, and takes it back."""

    def __init__(self, conversations: SlackConversations) -> None:
        self._conversations = conversations
        self._ports = conversations.ports
        self._log = log("slack")

    async def consider(self, written: Written) -> None:
        """Offer the guide whose error text stands in the message, if there is one and this is the place and time."""
        place, person = written.place, written.person
        if not room_for_offers(self._ports, written):
            return
        found = recognise(self._ports.catalogue().flows, written.text)
        if found is None or await self._conversations.directory.is_agent(person, place.workspace):
            return
        marks, channel = self._ports.marks, f"slack/{place.workspace}/{place.channel}"
        if await marks.marked(f"off/{channel}"):
            return
        if not await marks.first(f"offer/{channel}/{place.thread}", OFFER_ONCE_S):
            return
        if await marks.first(f"offers/{channel}", COOLDOWN_S):
            await self._post(written, found.flow)

    async def _post(self, written: Written, flow_id: str) -> None:
        place = written.place
        kept = {
            "flow": flow_id,
            "text": mask(written.text),
            "ts": written.ts,
            "team": written.person.team,
            "user": written.person.user,
        }
        token = await self._ports.vault.put(json.dumps(kept), OFFER_VALID_S)
        await self._ports.bookmarks.put(_kept(written.key), UNDER, token)
        title = self._ports.catalogue().by_id[flow_id].title
        drawn = offer(
            title,
            str(TakeOffer(token=token)),
            str(DeclineOffer(user=written.person.user)),
            str(StopOffers()),
        )
        given: dict[str, Any] = {"channel": place.channel, "thread_ts": place.thread}
        given |= {"text": drawn.text, "blocks": list(drawn.blocks), "unfurl_links": False}
        try:
            await self._conversations.client.at_once(place.workspace, "chat.postMessage", **given)
        except FAILURES as failure:
            # Nobody waits for an offer; one that is lost is better than two.
            self._log.warning("an offer could not be made", reason=str(failure)[:200])

    async def forget(self, gone: MessageEdited) -> None:
        """What was kept of a message for an offer is forgotten with the message. Raises StoreDown."""
        shelf = _kept(gone.of)
        for token in (await self._ports.bookmarks.all(shelf)).values():
            await self._ports.vault.take(token)
            await self._ports.bookmarks.remove(shelf, UNDER)

    async def switched(self, written: Written) -> bool:
        """Whether it was "offers on" or "offers off", which is then done."""
        wanted = SWITCHES.get(" ".join(written.text.lower().split()).rstrip(".!"))
        if wanted is None:
            return False
        ours = written.person.team == written.place.workspace
        if ours:
            await self._switch(written.place, on=wanted)
        told = ("offers_on" if wanted else "offers_off") if ours else "offers_of_the_team"
        # A mention is told of by two events; to switch twice does no harm, to say it twice is odd.
        if await self._ports.marks.first(f"told/{written.key}", COOLDOWN_S):
            await self._conversations.whisper(written.beside, written.person, note(said(told)))
        return True

    async def _switch(self, place: Place, *, on: bool) -> None:
        name = f"off/slack/{place.workspace}/{place.channel}"
        if on:
            await self._ports.marks.clear(name)
        else:
            await self._ports.marks.put(name)

    # ------------------------------------------------------------ its buttons

    async def pressed(self, pressed: Pressed, token: OfferToken) -> None:
        """Handle the press of an offer's button."""
        place = pressed.place
        if place is None:
            return
        match token:
            case TakeOffer():
                await self._take(pressed, token, place)
            case DeclineOffer():
                await self._decline(pressed, token, place)
            case StopOffers():
                await self._stop(pressed, place)

    async def _take(self, pressed: Pressed, taken: TakeOffer, place: Place) -> None:
        """Begin for who wrote the message, whoever pressed: a colleague may want them helped."""
        kept = await self._ports.vault.peek(taken.token)
        if kept is None:
            await self._collapse(pressed, place, PHRASES["offer_expired"])
            return
        told = json.loads(kept)
        author = Person(team=told["team"], user=told["user"])
        at = await self._ports.finder.at(place.door())
        if at is not None and not at.status.ended and at.contact != author.actor:
            await self._collapse(pressed, place, PHRASES["under_way_here"])
            return
        flow = told["flow"] if told["flow"] in self._ports.catalogue().by_id else ""
        # As if they had written it to us: edited later, it is changed with us as well.
        key = message_key(place.channel, told["ts"])
        await self._conversations.begin(place, author, key, flow=flow, text=told["text"])
        await self._collapse(pressed, place, PHRASES["lets_start"])

    async def _decline(self, pressed: Pressed, declined: DeclineOffer, place: Place) -> None:
        agent = await self._conversations.directory.is_agent(pressed.person, place.workspace)
        if pressed.person.user != declined.user and not agent:
            await self._conversations.whisper(place, pressed.person, note(PHRASES["offer_not_yours"]))
            return
        await self._collapse(pressed, place, PHRASES["offer_declined"])

    async def _stop(self, pressed: Pressed, place: Place) -> None:
        if pressed.person.team != place.workspace:
            await self._conversations.whisper(place, pressed.person, note(said("offers_of_the_team")))
            return
        await self._switch(place, on=False)
        await self._collapse(pressed, place, said("offers_off"))

    async def _collapse(self, pressed: Pressed, place: Place, text: str) -> None:
        drawn = collapsed_offer(text)
        given = {"channel": place.channel, "ts": pressed.ts, "text": drawn.text, "blocks": list(drawn.blocks)}
        try:
            await self._conversations.client.at_once(place.workspace, "chat.update", **given)
        except FAILURES as failure:
            self._log.info("an offer's buttons could not be removed", reason=str(failure)[:200])


def _kept(message: str) -> str:
    """The shelf of the message with that key."""
    return f"slack/offer/{message}"
