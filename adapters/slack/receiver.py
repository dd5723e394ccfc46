"""Slack's receiver: takes what Slack delivers to the room that handles it, and answers after it was recorded."""

from collections.abc import Awaitable, Callable
from typing import Any

from adapters.slack import inbound, orders
from adapters.slack.acting import Acting
from adapters.slack.calls import Calls
from adapters.slack.counter import FAILURES, Counter, Ports
from adapters.slack.directory import Directory
from adapters.slack.forms import DETAILS, WHAT
from adapters.slack.handling import Handling
from adapters.slack.happenings import Called, Pressed, Reworded, Visited, Written
from adapters.slack.listening import Ack, Kind
from adapters.slack.manifest import SEND
from adapters.slack.marking import Marking
from adapters.slack.offering import Offers
from adapters.slack.ordering import Ordering
from adapters.slack.places import Place
from adapters.slack.preflight import Identity
from adapters.slack.pressing import Pressing
from adapters.slack.render import Message, note
from adapters.slack.sayings import said
from adapters.slack.visiting import Visits
from adapters.slack.writing import Writing
from bot.ports import Contended, StoreDown
from flows.button import Button
from flows.orders import Order


class Receiver:
    """Hears everything; what raises is not acknowledged, and Slack brings events again (law L4)."""

    def __init__(
        self,
        ports: Ports,
        calls: Calls,
        directory: Directory,
        identity: Callable[[], Awaitable[Identity]],
        marking: Marking,
    ) -> None:
        """`identity` says who the app is; it is asked on every delivery and may remember. `marking` marks the lines of
        agents.
        """
        self._marking = marking
        self._ports = ports
        self._calls = calls
        self._directory = directory
        self._identity = identity

    async def hear(self, kind: Kind, body: dict[str, Any]) -> Ack | None:
        """One delivery."""
        identity = await self._identity()
        counter = Counter(self._ports, self._calls, self._directory, identity.team, identity.url)
        match kind:
            case "event":
                await self._event(counter, body, identity)
            case "action":
                await self._action(counter, body, identity.team)
            case "command":
                return await self._command(counter, body, identity.team)
            case "shortcut":
                await self._shortcut(counter, body, identity.team)
            case "view":
                return await self._view(counter, body, identity.team)
            case "view_closed":
                pass
        return None

    async def _event(self, counter: Counter, body: dict[str, Any], identity: Identity) -> None:
        happened = inbound.event(body, identity.bot_user)
        acting = self._acting(counter, identity.team)
        match happened:
            case Visited():
                await Visits(counter).visited(happened)
            case Written() if acting is not None and acting.here(happened.place):
                await Handling(acting).written(happened)
            case Reworded() if acting is not None and acting.here(happened.place):
                await Handling(acting).reworded(happened)
            case Written():
                await Writing(counter, Offers(counter)).written(happened)
            case Reworded():
                await Writing(counter, Offers(counter)).reworded(happened)
            case None:
                pass

    def _acting(self, counter: Counter, team: str) -> Acting | None:
        """What agents do here; None where nobody knows of any."""
        teams = self._ports.teams
        return None if teams is None else Acting(counter, teams, self._marking, team)

    async def _action(self, counter: Counter, body: dict[str, Any], team: str) -> None:
        pressed = inbound.action(body, team)
        if pressed is None:
            return
        button, order = pressed.button, Order.parse(pressed.value)
        acting = self._acting(counter, team)
        try:
            if order is not None and acting is not None:
                await Ordering(acting, Handling(acting)).pressed(pressed, order)
            elif button is not None:
                await self._pressed(counter, pressed, button, team)
            elif not await Offers(counter).pressed(pressed):
                await Visits(counter).started(pressed, team)
        except (StoreDown, *FAILURES):
            await counter.apologise(pressed.place, pressed.person, "store_down")
        except Contended:
            await counter.apologise(pressed.place, pressed.person, "contended")

    async def _pressed(self, counter: Counter, pressed: Pressed, button: Button, team: str) -> None:
        await Pressing(counter, team).pressed(pressed, button)
        if pressed.place is None:
            await Visits(counter).visited(Visited(person=pressed.person, workspace=team))

    async def _command(self, counter: Counter, body: dict[str, Any], team: str) -> Ack | None:
        called = inbound.command(body, team)
        if called is None:
            return None
        place, shown = await self._called(counter, called)
        if shown is None:
            shown = note(said("wrote_to_you"), counter.opened(place) if place else "")
        return Ack(payload={"response_type": "ephemeral", "text": shown.text, "blocks": list(shown.blocks)})

    async def _called(self, counter: Counter, called: Called) -> tuple[Place | None, Message | None]:
        """The direct messages, where they could be opened, and what there is to say beside what is written there."""
        try:
            place = await counter.direct(called.person, called.workspace)
        except FAILURES:
            return None, note(said("no_direct"))
        try:
            return place, await Visits(counter).called(called, place)
        except (StoreDown, Contended):
            return place, note(counter.sorry("store_down"))

    async def _shortcut(self, counter: Counter, body: dict[str, Any], team: str) -> None:
        happened, acting = inbound.shortcut(body, team), self._acting(counter, team)
        if isinstance(happened, Called):
            place, shown = await self._called(counter, happened)
            if shown is not None:
                await counter.whisper(place, happened.person, shown)
        elif happened is not None:
            try:
                if happened.shortcut == SEND and acting is not None:
                    await Handling(acting).pointed(happened)
                elif acting is not None and acting.here(happened.place):
                    await counter.whisper(happened.beside, happened.person, note(said("room_talk")))
                else:
                    await Visits(counter).pointed(happened)
            except (StoreDown, Contended):
                await counter.apologise(happened.beside, happened.person, "store_down")

    async def _view(self, counter: Counter, body: dict[str, Any], team: str) -> Ack | None:
        filled, acting = orders.filled(body, team), self._acting(counter, team)
        if filled is not None and acting is not None:
            answer = await Ordering(acting, Handling(acting)).filled(filled)
            return None if answer is None else Ack(payload=answer)
        submitted = inbound.view(body, team)
        if submitted is None:
            return None
        reason = await Pressing(counter, team).submitted(submitted)
        if not reason:
            return None
        # The form stays open with what was typed, and says why under one of its questions.
        block = WHAT if submitted.form == DETAILS else _asked(body)
        return Ack(payload={"response_action": "errors", "errors": {block: reason}})


def _asked(body: dict[str, Any]) -> str:
    """The first question of a form."""
    blocks = (body.get("view") or {}).get("blocks") or ()
    return next((str(one["block_id"]) for one in blocks if one.get("type") == "input"), WHAT)
