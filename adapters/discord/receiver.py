"""Hands Discord's events to their handlers, and responds to each interaction after it was recorded."""

from collections.abc import Mapping
from typing import Any

from adapters.discord.agents.buttons import AgentButtons
from adapters.discord.agents.delivery_marks import DeliveryMarks
from adapters.discord.agents.messages import AgentMessages
from adapters.discord.agents.tickets import AgentTickets
from adapters.discord.api.client import FAILURES, DiscordClient
from adapters.discord.api.gateway_queue import Kind
from adapters.discord.api.payload import inner
from adapters.discord.api.slash_commands import OPEN_TICKET, SEND
from adapters.discord.api.users import Directory
from adapters.discord.customers.buttons import CustomerButtons, patience
from adapters.discord.customers.closed_posts import ClosedPosts
from adapters.discord.customers.commands import Commands
from adapters.discord.customers.conversations import DiscordConversations
from adapters.discord.customers.forum_posts import Forums, Posts
from adapters.discord.customers.message_menu import MessageMenu
from adapters.discord.customers.messages import CustomerMessages
from adapters.discord.customers.reactions import Reactions
from adapters.discord.inbound import parse
from adapters.discord.inbound.events import (
    Autocomplete,
    CommandCalled,
    Interaction,
    MessageEdited,
    MessageShortcut,
    Pressed,
    ReplyCommand,
    Submitted,
    TicketsCommand,
    Written,
)
from adapters.discord.inbound.reactions import reaction
from adapters.discord.inbound.thread_states import thread_state
from adapters.discord.mention_names import MentionNames
from adapters.discord.ports import Ports
from adapters.discord.render.agent_thread import hint
from adapters.discord.render.card import note
from adapters.discord.render.tokens import (
    ChooseDirectMessages,
    FlowOffer,
    HelpOffer,
    MineToo,
    StartForMe,
    WriteMessage,
)
from adapters.discord.responses import DEFER_AFTER_S, PendingResponses, Response
from bot.ports import Contended, Damaged, StoreDown, TooMany
from bot.telemetry import log
from flows.button import Button
from flows.orders import Order
from flows.text.agent_phrases import phrase


class Receiver:
    """Handles every event. A message that raises was not recorded and must be handled again (law L4)."""

    def __init__(
        self,
        ports: Ports,
        client: DiscordClient,
        directory: Directory,
        pending: PendingResponses,
        forums: Forums,
    ) -> None:
        """The sender of this process shares `pending`."""
        self._client = client
        self._mentioned = MentionNames(client)
        self._conversations = DiscordConversations(ports, client, directory)
        self._posts = Posts(self._conversations, forums, self._mentioned)
        self._messages = CustomerMessages(self._conversations, client, self._posts)
        self._closed_posts = ClosedPosts(self._conversations, client)
        self._buttons = CustomerButtons(self._conversations, pending, forums)
        self._commands = Commands(self._conversations)
        self._menu = MessageMenu(self._conversations)
        self._reactions = Reactions(self._conversations)
        self._ports, teams = ports, ports.teams
        self._agent_buttons = AgentButtons(self._conversations, teams.agents) if teams else None
        self._agent_tickets = AgentTickets(self._conversations, teams.direct) if teams else None
        self._agent_messages = (
            AgentMessages(self._conversations, teams, client, DeliveryMarks(client)) if teams else None
        )

    async def hear(self, kind: Kind, data: Mapping[str, Any]) -> None:
        """Handle one gateway event. Return when it is recorded and answered.

        Raises StoreDown, Contended and RevisionUnreadable if it was not recorded.
        """
        match kind:
            case "interaction":
                await self._interaction(data)
            case "message":
                written = parse.written(data, *await self._names(data), await self._mentioned.of(data))
                if written is not None and not await self._among_agents(written):
                    await self._written(written)
            case "edited" | "deleted":
                changed = kind == "edited"
                edit = await self._edit(data) if changed else parse.deleted(data)
                if edit is not None and not (
                    self._agent_messages and await self._agent_messages.reworded(edit)
                ):
                    await self._messages.reworded(edit)
            case "reacted" | "unreacted":
                given = reaction(data, taken_back=kind == "unreacted")
                if given is not None:
                    await self._reactions.heard(given)
            case "left":
                left = parse.left(data)
                if left is not None:
                    await self._posts.left(left)
            case "thread_gone":
                if (place := parse.deleted_thread(data)) is not None:
                    await self._messages.deleted(place)
            case "thread":  # a post starts with its first message
                if (thread := thread_state(data)) is not None:
                    await self._closed_posts.changed(thread)
            case "room_gone" | "guild_gone":
                pass  # the follower knows which conversations are lost

    async def _edit(self, data: Mapping[str, Any]) -> MessageEdited | None:
        return parse.reworded(data, *await self._names(data), await self._mentioned.of(data))

    async def _written(self, written: Written) -> None:
        try:
            await self._messages.written(written)
        except TooMany as refused:
            await self._messages.refuse(written, str(refused))

    async def _among_agents(self, written: Written) -> bool:
        return self._agent_messages is not None and await self._agent_messages.written(written)

    async def _names(self, data: Mapping[str, Any]) -> tuple[str, str]:
        """Return the ids that mention the bot: its own, and that of the role which Discord made for it in the guild."""
        guild = str(data.get("guild_id") or "")
        try:
            bot = (await self._client.identity()).bot
            return bot, await self._client.role(guild) if guild and parse.roles_named(data) else ""
        except FAILURES as failure:
            raise Contended("Discord did not say who the bot is") from failure

    async def _interaction(self, data: Mapping[str, Any]) -> None:
        happened = parse.interaction(data)
        if happened is None:
            return
        answer = Response(self._client, happened)
        seconds = patience(happened) if isinstance(happened, Pressed) else DEFER_AFTER_S
        async with answer.watched(seconds):
            try:
                await self._handle(await self._named(data, happened), answer)
            except TooMany as refused:
                await answer.say(note(str(refused)))
            except StoreDown:
                await answer.say(note(self._conversations.sorry("store_down")))
            except Contended:
                await answer.say(note(self._conversations.sorry("contended")))
            except Damaged:
                await answer.say(note(self._conversations.sorry("damaged")))
            except FAILURES as failure:
                log("discord").warning(
                    "an interaction was not answered as intended", reason=type(failure).__name__
                )
                await answer.later()

    async def _named(self, data: Mapping[str, Any], happened: Interaction) -> Interaction:
        """Return a command of a message's menu with the names of roles and channels in the message's words."""
        if not isinstance(happened, MessageShortcut):
            return happened
        message = inner(inner(inner(inner(data, "data"), "resolved"), "messages"), happened.of)
        names = await self._mentioned.of({**message, "guild_id": data.get("guild_id")})
        return (parse.interaction(data, names) or happened) if names else happened

    async def _pressed(self, pressed: Pressed, answer: Response) -> None:
        match pressed.action:
            case Button() as button:
                await self._buttons.pressed(pressed, button, answer)
            case Order() as order if self._agent_buttons is not None:
                await self._agent_buttons.pressed(pressed, order, answer)
            case ChooseDirectMessages() as choice if self._agent_tickets is not None:
                await self._agent_tickets.chose(pressed, choice, answer)
            case WriteMessage() as write:
                await self._buttons.writes(pressed, write, answer)
            case MineToo() as helped:
                await self._buttons.mine_too(pressed, helped, answer)
            case FlowOffer() as chosen:
                await self._posts.chosen(pressed, chosen, answer)
            case HelpOffer() as offered:
                await self._posts.unanswered.pressed(pressed, offered, answer)
            case StartForMe() as start:
                await self._commands.started(pressed, start.flow, answer)
            case _:
                await answer.later()

    async def _submitted(self, submitted: Submitted, answer: Response) -> None:
        if isinstance(submitted.action, Order) and self._agent_buttons is not None:
            await self._agent_buttons.submitted(submitted, submitted.action, answer)
        else:
            await self._buttons.submitted(submitted, answer)

    async def _handle(self, happened: Interaction, answer: Response) -> None:
        if isinstance(happened, MessageShortcut) and happened.menu == SEND:
            if self._agent_buttons is not None:
                await self._agent_buttons.pointed(happened, answer)
            return
        if isinstance(happened, CommandCalled | MessageShortcut) and self._ports.in_team_room(happened.place):
            await answer.say(hint(phrase("room_talk")))
            return
        match happened:
            case Pressed():
                await self._pressed(happened, answer)
            case Submitted():
                await self._submitted(happened, answer)
            case ReplyCommand():
                if self._agent_buttons is not None:
                    await self._agent_buttons.answering(happened, answer)
            case TicketsCommand():
                if self._agent_tickets is not None:
                    await self._agent_tickets.called(happened, answer)
            case CommandCalled():
                await self._commands.called(happened, answer)
            case MessageShortcut(menu=menu) if menu == OPEN_TICKET:
                await self._menu.ticket(happened, answer)
            case MessageShortcut():
                await self._menu.pointed(happened, answer)
            case Autocomplete():
                await self._commands.typing(happened, answer)
