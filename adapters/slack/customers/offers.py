"""Offers a guide, once, in a thread where someone quotes an error that a guide is for."""

import json
from typing import Any, Final

from slack_sdk.errors import SlackApiError

from adapters.slack.api.ack_budget import showing
from adapters.slack.api.addresses import Person, Place
from adapters.slack.api.client import FAILURES
from adapters.slack.customers.conversations import SlackConversations, room_for_offers
from adapters.slack.customers.unanswered import Unanswered
from adapters.slack.inbound.events import MessageEdited, Pressed, Written, message_key
from adapters.slack.mention_names import MentionNames
from adapters.slack.render.card import Message, collapsed_offer, note, offer
from adapters.slack.render.offers import declined_offer
from adapters.slack.render.texts import said
from adapters.slack.render.tokens import DeclineOffer, HelpOffer, OfferToken, StopOffers, TakeOffer
from bot.telemetry import log
from flows.text.markup.styled import masked
from flows.text.phrases import PHRASES
from flows.text.secrets.masking import mask
from flows.text.starts import recognise

UNDER: Final = "kept"
"""The bookmark on a message's shelf that holds the token of its kept text."""

OFFER_VALID_S: Final = 3 * 24 * 3600
"""Seconds in which a customer may accept an offer."""

OFFER_ONCE_S: Final = 30 * 24 * 3600
"""Seconds in which a thread gets no second offer."""

COOLDOWN_S: Final = 600
"""Seconds between two offers in one channel."""

SWITCHES: Final = {"offers on": True, "offers off": False}
"""What a mention says to turn offers in a channel on or off."""


class Offers:
    """Offers guides in channels, and removes offers."""

    def __init__(self, conversations: SlackConversations, names: MentionNames) -> None:
        self.unanswered = Unanswered(conversations, names)
        self._conversations = conversations
        self._ports = conversations.ports
        self._log = log("slack")

    async def consider(self, written: Written) -> None:
        """Offer the guide for the error in the message; where no guide is offered, the message waits for an answer."""
        if room_for_offers(self._ports, written):
            await self.unanswered.heard(written, offered=await self._offers_guide(written))

    async def _offers_guide(self, written: Written) -> bool:
        """Offer the guide, if offers are on and none was made recently. Return whether it was offered."""
        place, person = written.place, written.person
        recognized = recognise(self._ports.catalogue().flows, written.text)
        if recognized is None or await self._conversations.directory.is_agent(person, place.workspace):
            return False
        marks, channel = self._ports.marks, f"slack/{place.workspace}/{place.channel}"
        thread = f"offer/{channel}/{place.thread}"
        if await marks.marked(f"off/{channel}") or not await marks.first(thread, OFFER_ONCE_S):
            return False
        if not await marks.first(f"offers/{channel}", COOLDOWN_S):
            await marks.clear(thread)  # help may be offered there if no one answers
            return False
        if await self._post(written, recognized.flow):
            return True
        for mark in (thread, f"offers/{channel}"):
            await marks.clear(mark)
        return False

    async def _post(self, written: Written, flow_id: str) -> bool:
        """Post the offer. Return False if Slack refuses it."""
        place = written.place
        kept = {
            "flow": flow_id,
            "text": masked(written.styled, written.text, mask)[0],
            "ts": written.ts,
            "team": written.person.team,
            "user": written.person.user,
        }
        token = await self._ports.vault.put(json.dumps(kept), OFFER_VALID_S)
        await self._ports.bookmarks.put(_shelf(written.key), UNDER, token, OFFER_VALID_S)
        title = self._ports.catalogue().by_id[flow_id].title
        drawn = offer(
            title,
            str(TakeOffer(token=token)),
            str(DeclineOffer(user=written.person.user)),
            str(StopOffers()),
        )
        params: dict[str, Any] = {"channel": place.channel, "thread_ts": place.thread}
        params |= {"text": drawn.text, "blocks": list(drawn.blocks), "unfurl_links": False}
        try:
            await self._conversations.client.at_once(place.workspace, "chat.postMessage", **params)
        except FAILURES as failure:
            self._log.warning("an offer could not be made", reason=str(failure)[:200])
            # Without a refusal the offer may have arrived; a lost one is better than two.
            return not isinstance(failure, SlackApiError)
        return True

    async def forget(self, gone: MessageEdited) -> None:
        """Delete the text that was kept for an offer, because its message was deleted. Raises StoreDown."""
        await self.unanswered.gone(gone)
        shelf = _shelf(gone.of)
        for token in (await self._ports.bookmarks.all(shelf)).values():
            await self._ports.vault.take(token)
            await self._ports.bookmarks.remove(shelf, UNDER)

    async def switched(self, written: Written) -> bool:
        """Obey "offers on" or "offers off". Return whether the message was one of these."""
        wanted = SWITCHES.get(" ".join(written.text.lower().split()).rstrip(".!"))
        if wanted is None:
            return False
        ours = written.person.team == written.place.workspace
        if ours:
            await self._switch(written.place, on=wanted)
        sentence = ("offers_on" if wanted else "offers_off") if ours else "offers_of_the_team"
        # A mention comes as two events: switching twice is harmless, but two notes are odd.
        if await self._ports.marks.first(f"told/{written.key}", COOLDOWN_S):
            await self._conversations.whisper(written.beside, written.person, note(said(sentence)))
        return True

    async def _switch(self, place: Place, *, on: bool) -> None:
        name = f"off/slack/{place.workspace}/{place.channel}"
        if on:
            await self._ports.marks.clear(name)
        else:
            await self._ports.marks.put(name)

    # ------------------------------------------------------------ an offer's buttons

    async def pressed(self, pressed: Pressed, token: OfferToken) -> None:
        """Handle a button of an offer."""
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
        """Start the guide for the message's author, even if a colleague pressed the button to help."""
        kept = await self._ports.vault.peek(taken.token)
        if kept is None:
            await self._collapse(pressed, place, PHRASES["offer_expired"])
            return
        offered = json.loads(kept)
        author = Person(team=offered["team"], user=offered["user"])
        at = await self._ports.finder.at(place.door())
        if at is not None and not at.status.ended and at.contact != author.actor:
            await self._collapse(pressed, place, PHRASES["under_way_here"])
            return
        flow = offered["flow"] if offered["flow"] in self._ports.catalogue().by_id else ""
        # With the message's own key, so that later edits of the message reach the conversation, too.
        key = message_key(place.channel, offered["ts"])
        await self._conversations.begin(
            place, author, key, flow=flow, text=offered["text"], by=pressed.person
        )
        await self._collapse(pressed, place, PHRASES["lets_start"])

    async def _decline(self, pressed: Pressed, declined: DeclineOffer, place: Place) -> None:
        agent = await self._conversations.directory.is_agent(pressed.person, place.workspace)
        if pressed.person.user != declined.user and not agent:
            await self._conversations.whisper(place, pressed.person, note(PHRASES["offer_not_yours"]))
            return
        if agent or pressed.person.team == place.workspace:
            await self._collapse(pressed, place, PHRASES["offer_declined"])
        else:
            ticket = HelpOffer(what="ticket", author=pressed.person.actor)
            await self._redraw(pressed, place, declined_offer(str(ticket)))

    async def _stop(self, pressed: Pressed, place: Place) -> None:
        if pressed.person.team != place.workspace:
            await self._conversations.whisper(place, pressed.person, note(said("offers_of_the_team")))
            return
        await self._switch(place, on=False)
        await self._collapse(pressed, place, said("offers_off"))

    async def _collapse(self, pressed: Pressed, place: Place, text: str) -> None:
        await self._redraw(pressed, place, collapsed_offer(text))

    async def _redraw(self, pressed: Pressed, place: Place, drawn: Message) -> None:
        showing()
        params = {
            "channel": place.channel,
            "ts": pressed.ts,
            "text": drawn.text,
            "blocks": list(drawn.blocks),
        }
        try:
            await self._conversations.client.at_once(place.workspace, "chat.update", **params)
        except FAILURES as failure:
            self._log.info("an offer's buttons could not be removed", reason=str(failure)[:200])


def _shelf(message: str) -> str:
    """Name the shelf of the message with that key."""
    return f"slack/offer/{message}"
