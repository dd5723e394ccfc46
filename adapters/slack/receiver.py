"""Hands Slack's requests to their handlers, and answers each after it was recorded."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import cache, partial
from typing import Any

from adapters.slack.agents.access import AgentAccess
from adapters.slack.agents.buttons import AgentButtons
from adapters.slack.agents.delivery_marks import DeliveryMarks
from adapters.slack.agents.home_tickets import home_tickets
from adapters.slack.agents.messages import AgentMessages
from adapters.slack.api.ack_budget import nothing_to_record
from adapters.slack.api.addresses import Place
from adapters.slack.api.bolt_app import Ack, Kind
from adapters.slack.api.client import FAILURES, SlackClient
from adapters.slack.api.identity import People, workspace_of
from adapters.slack.api.manifest import OPEN_TICKET, SEND
from adapters.slack.api.preflight import Identity
from adapters.slack.api.users import Directory, IdentityUnknown
from adapters.slack.customers.buttons import CustomerButtons
from adapters.slack.customers.conversations import SlackConversations
from adapters.slack.customers.entry_points import EntryPoints
from adapters.slack.customers.handover import Handover
from adapters.slack.customers.messages import CustomerMessages
from adapters.slack.customers.offers import Offers
from adapters.slack.customers.reactions import Reactions
from adapters.slack.customers.recorded_names import with_one_name_each
from adapters.slack.customers.tickets import Tickets
from adapters.slack.customers.welcome import Welcome
from adapters.slack.inbound import parse
from adapters.slack.inbound.changes import change
from adapters.slack.inbound.events import (
    CommandCalled,
    HomeOpened,
    MessageEdited,
    MessagesOpened,
    Pressed,
    Written,
)
from adapters.slack.inbound.reactions import Reaction
from adapters.slack.late_answers import in_time
from adapters.slack.mention_names import MentionNames
from adapters.slack.named_events import named_event
from adapters.slack.ports import Ports
from adapters.slack.render import forms
from adapters.slack.render.agent_forms import filled_form
from adapters.slack.render.card import Message, note
from adapters.slack.render.texts import said
from adapters.slack.render.tokens import (
    ChooseDirectMessages,
    DeclineOffer,
    HelpOffer,
    StartFlow,
    StopOffers,
    TakeOffer,
)
from adapters.slack.unrecognized import ask_again, ephemeral, form_error, say_damaged
from adapters.slack.workspace_changes import WorkspaceChanges
from bot.ports import Contended, Damaged, StoreDown, TooMany
from flows.button import Button
from flows.orders import Order
from flows.text.agent_phrases import phrase
from flows.text.phrases import PHRASES


class Handlers:
    """Holds one workspace's handlers; the agents' handlers are None if no team has a channel in Slack."""

    def __init__(
        self,
        ports: Ports,
        client: SlackClient,
        directory: Directory,
        delivery_marks: DeliveryMarks,
        identity: Identity,
    ) -> None:
        """`identity` is the bot's identity in the workspace."""
        self.team = identity.team
        self.names = MentionNames(client, directory)
        self.people = people = People(directory, identity)
        ports = with_one_name_each(ports, people)
        self.conversations = conversations = SlackConversations(
            ports, client, directory, identity.team, identity.url
        )
        self.offers = Offers(conversations, self.names)
        self.entry_points = EntryPoints(conversations, partial(home_tickets, conversations))
        handover = Handover(conversations, identity.team)
        self.tickets = Tickets(conversations, self.names, self.entry_points.may_write)
        self.messages = CustomerMessages(conversations, self.offers, handover)
        self.reactions = Reactions(conversations)
        self.welcome = Welcome(conversations)
        self.buttons = CustomerButtons(conversations, handover, identity.team)
        teams = ports.teams
        access = (
            AgentAccess(conversations, teams, delivery_marks, identity.team) if teams is not None else None
        )
        self._access = access
        self.agent_messages = AgentMessages(access) if access is not None else None
        self.agent_buttons = AgentButtons(access) if access is not None else None

    def among_agents(self, place: Place | None) -> AgentMessages | None:
        """Return the handler of agents' messages if the place is a team's channel, else None."""
        return self.agent_messages if self._access and self._access.in_team_room(place) else None


class Receiver:
    """Handles every request. After an exception the request stays unacknowledged, and Slack repeats events (law L4)."""

    def __init__(
        self,
        ports: Ports,
        client: SlackClient,
        directory: Directory,
        identity: Callable[[], Awaitable[Identity]],
        delivery_marks: DeliveryMarks,
        changes: WorkspaceChanges,
    ) -> None:
        """Each request awaits `identity`, which may cache its answer. `delivery_marks` marks agents' messages.

        `changes` acts on what happens to the app and its channels.
        """
        self._identity = identity
        self._channel_ids = client.channel_ids
        self._changes = changes
        self._made = cache(partial(self._handlers, ports, client, directory, delivery_marks))

    def _handlers(
        self,
        ports: Ports,
        client: SlackClient,
        directory: Directory,
        delivery_marks: DeliveryMarks,
        identity: Identity,
        _version: int,
    ) -> Handlers:
        """Make the handlers, with the settings' channels named as they are recorded."""
        firsts = self._channel_ids.firsts
        teams = replace(ports.teams, rooms=firsts(ports.teams.rooms)) if ports.teams else None
        ports = replace(ports, teams=teams, offer_in=firsts(ports.offer_in))
        return Handlers(ports, client, directory, delivery_marks, identity)

    async def hear(self, kind: Kind, body: dict[str, Any]) -> Ack | None:
        """Handle one request."""
        identity = await self._identity()
        await self._channel_ids.refresh()
        handlers = self._made(identity, self._channel_ids.version)
        body = self._channel_ids.incoming(body)
        if kind == "event" and (changed := change(body, identity.bot_user)):
            await self._changes.heard(changed)
            return None
        try:
            ack = await _answer(handlers, kind, body, identity)
        except IdentityUnknown:
            if kind == "event":
                raise
            ack = await ask_again(handlers.conversations, kind, body, handlers.team)
        except Damaged:  # a repetition would not help: the person reads whom to write to instead (law L7)
            ack = await say_damaged(handlers.conversations, kind, body, handlers.team)
        return await in_time(handlers.conversations, body, ack)


async def _answer(on: Handlers, kind: Kind, body: dict[str, Any], identity: Identity) -> Ack | None:
    match kind:
        case "event":
            await _event(on, body, identity)
        case "action":
            await _action(on, body)
        case "command":
            return await _command(on, body)
        case "shortcut":
            await _shortcut(on, body)
        case "view":
            return await _view(on, body)
        case "view_closed":
            pass
    return None


async def _event(on: Handlers, body: dict[str, Any], identity: Identity) -> None:
    workspace = workspace_of(body, identity)
    happened = await named_event(on, body, identity.bot_user, workspace)
    match None if happened is None else await on.people.recognized(happened):
        case HomeOpened() as opened:
            nothing_to_record()
            await on.entry_points.visited(opened)
        case Written() as written:
            await (on.among_agents(written.place) or on.messages).written(written)
        case MessageEdited() as edited:
            await (on.among_agents(edited.place) or on.messages).reworded(edited)
        case Reaction() as reacted:
            await on.reactions.heard(reacted)
        case MessagesOpened() as visited:
            nothing_to_record()
            await on.welcome.opened(visited)
        case None:
            pass


async def _action(on: Handlers, body: dict[str, Any]) -> None:
    pressed = parse.action(body, on.team)
    if pressed is None:
        return
    pressed = await on.people.recognized(pressed)
    try:
        await _pressed(on, pressed)
    except TooMany as refused:
        await on.conversations.whisper(pressed.place, pressed.person, note(str(refused)))
    except (StoreDown, *FAILURES):
        await on.conversations.apologise(pressed.place, pressed.person, "store_down")
    except Contended:
        await on.conversations.apologise(pressed.place, pressed.person, "contended")


async def _pressed(on: Handlers, pressed: Pressed) -> None:
    match pressed.action:
        case Button() as button:
            await on.buttons.pressed(pressed, button)
            if pressed.place is None:
                await on.entry_points.visited(HomeOpened(person=pressed.person, workspace=on.team))
        case Order() as order:
            if on.agent_buttons is not None:
                await on.agent_buttons.pressed(pressed, order)
        case TakeOffer() | DeclineOffer() | StopOffers() as token:
            await on.offers.pressed(pressed, token)
        case HelpOffer() as offered:
            await on.offers.unanswered.pressed(pressed, offered)
        case StartFlow() as start:
            await on.entry_points.started(pressed, start, on.team)
        case ChooseDirectMessages() as choice:
            if on.agent_buttons is not None:
                await on.agent_buttons.chose(pressed, choice)
            await on.entry_points.visited(HomeOpened(person=pressed.person, workspace=on.team))
        case None:
            pass


async def _command(on: Handlers, body: dict[str, Any]) -> Ack | None:
    called = parse.command(body, on.team)
    if called is None:
        return None
    called = await on.people.recognized(called)
    place, shown = await _called(on, called)
    if shown is None:
        shown = note(said("wrote_to_you"), on.conversations.opened(place) if place else "")
    return ephemeral(shown.text, list(shown.blocks))


async def _called(on: Handlers, called: CommandCalled) -> tuple[Place | None, Message | None]:
    """Return the direct messages, if Slack opened them, and a note beside what is posted there, if any."""
    try:
        place, _ = await asyncio.gather(
            on.conversations.direct(called.person, called.workspace),
            on.conversations.directory.expect(called.person, called.workspace),
        )
    except FAILURES:
        return None, note(said("no_direct"))
    try:
        return place, await on.entry_points.called(called, place)
    except TooMany as refused:
        return place, note(str(refused))
    except (StoreDown, Contended):
        return place, note(on.conversations.sorry("store_down"))


async def _shortcut(on: Handlers, body: dict[str, Any]) -> None:
    happened = parse.shortcut(body, on.team, await on.names.of(body.get("message"), on.team))
    happened = None if happened is None else await on.people.recognized(happened)
    if isinstance(happened, CommandCalled):
        place, shown = await _called(on, happened)
        if place is None and shown is not None:
            view = forms.notice_view(PHRASES["support"], shown.blocks)
            await on.conversations.form(happened.workspace, happened.trigger, view)
        elif shown is not None:
            await on.conversations.tell(happened.person, shown, place)
    elif happened is not None:
        try:
            if happened.shortcut == SEND and on.agent_messages is not None:
                await on.agent_messages.pointed(happened)
            elif on.among_agents(happened.place) is not None:
                await on.conversations.whisper(happened.beside, happened.person, note(phrase("room_talk")))
            elif happened.shortcut == OPEN_TICKET:
                await on.tickets.pointed(happened)
            else:
                await on.entry_points.pointed(happened)
        except TooMany as refused:
            await on.conversations.whisper(happened.beside, happened.person, note(str(refused)))
        except (StoreDown, Contended):
            await on.conversations.apologise(happened.beside, happened.person, "store_down")


async def _view(on: Handlers, body: dict[str, Any]) -> Ack | None:
    filled = filled_form(body)
    if filled is not None and on.agent_buttons is not None:
        answer = await on.agent_buttons.filled(await on.people.recognized(filled))
        return None if answer is None else Ack(payload=answer)
    submitted = parse.view(body, on.team)
    reason = await on.buttons.submitted(await on.people.recognized(submitted)) if submitted else ""
    return form_error(body, reason) if reason else None
