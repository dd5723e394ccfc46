"""Sets up Discord's sender with all it needs, and a thread to send to."""

from collections.abc import AsyncIterator, Sequence

import aiohttp
import pytest

from adapters.discord.api.addresses import Person, Place
from adapters.discord.api.client import DiscordClient
from adapters.discord.customers.forum_posts import Forums
from adapters.discord.inbound.events import Acted
from adapters.discord.responses import PendingResponses, Response
from adapters.discord.sender import DiscordSender as Sender
from bot.ports import Delivery, Rate
from flows.conversation import Address, Conversation
from flows.effects import Ask, Effect, Retire, Suggest, Tell
from flows.prompts import prompt
from flows.suggestions import suggestion_of
from flows.text.markup.words import parse
from tests.fakes.discord import Channel, Discord
from tests.fakes.discord import Person as Member
from tests.fakes.flows import lamp

HERE = "05n23tfww7gvg4s74o"


class Freely:
    """A limiter that allows every request, or asks to wait; `left` allows so many more and no others."""

    def __init__(self) -> None:
        self.wait = 0.0
        self.left: int | None = None

    async def wait_for(self, who: str, per_minute: int, at_once: int | None = None) -> float:
        if self.left is not None:
            self.left -= 1
            return 1.0 if self.left < 0 else 0.0
        return self.wait

    async def reserve(self, scope: str, claim: str, rates: Sequence[Rate], amount: int = 1) -> float:
        if self.left is not None:
            self.left -= amount
            return 1.0 if self.left < 0 else 0.0
        return self.wait

    async def hold(self, scope: str, rate: Rate, seconds: float) -> None:
        self.wait = seconds


class Bench:
    """A sender with all it needs, and a thread to send to."""

    def __init__(self, stand_in: Discord, session: aiohttp.ClientSession) -> None:
        guild = stand_in.guild()
        self.discord = stand_in
        self.ana = guild.member("Ana")
        self.thread: Channel = guild.text("help")
        self.limiter, self.answers = Freely(), PendingResponses()
        self.calls = DiscordClient(stand_in.token, session)
        self.ahead = 0.0
        self.sender = Sender(self.calls, self.limiter, self.answers, Forums(), self.now)

    def now(self) -> float:
        return self.discord.world.clock.now() + self.ahead

    def delivery(self, effect: Effect, turn: int = 1, **given: object) -> Delivery:
        room = str(self.thread.id)
        address = Address(channel="discord", workspace="1", room=room, person=str(self.ana.id))
        flow = lamp()
        at = Conversation(
            id=HERE,
            turn=turn,
            version=1,
            flow=flow.id,
            revision=flow.revision,
            step="plug",
            contact=f"discord:{self.ana.id}",
            customer=str(address),
            prompt_effect=effect.id if isinstance(effect, Ask) else "next",
            changed_at=int(self.now() * 1000),
        )
        shown = prompt(flow, at, {}) if isinstance(effect, Ask) else None
        whole = Delivery(effect=effect, conversation=at, address=address, prompt=shown)
        return whole.model_copy(update=given)

    def ask(self, turn: int = 1) -> Delivery:
        return self.delivery(Ask(id=f"ask.{turn}", turn=turn), turn)

    def suggest(self, choice: str = "fixed") -> Delivery:
        asks = suggestion_of((choice,), [("fixed", "Fixed it"), ("still-failing", "Still failing")])
        return self.delivery(Suggest(id="suggest.0", turn=1, choices=(choice,)), suggestion=asks)

    def tell(self, words: str = "hello") -> Delivery:
        return self.delivery(Tell(id="tell.0", words="nudge"), words=parse(words))

    def retire(self, of: str, turn: int = 2, ago: int = 0) -> Delivery:
        made = self.delivery(
            Retire(id="retire.0", of="ask.1"), turn, of=of, words=parse("Plug it in · Fixed it")
        )
        at = made.conversation.model_copy(update={"changed_at": int(self.now() * 1000) - ago})
        return made.model_copy(update={"conversation": at})

    def texts(self) -> list[str]:
        return [one.text for one in self.discord.messages(self.thread)]

    async def clicks(self, label: str, version: int = -1) -> Response:
        """Let Ana press a button of the last message. Return the answer."""
        (shown,) = self.discord.messages(self.thread)
        member: Member = self.ana
        pressed = await member.presses(shown, label, version=version, waits=False)
        acted = Acted(
            id=str(pressed.id),
            token=pressed.token,
            application=str(self.discord.bot.id),
            person=Person(user=str(member.id)),
            place=Place(),
            message=str(shown.id),
        )
        return Response(self.calls, acted)


@pytest.fixture
async def bench(stand_in: Discord) -> AsyncIterator[Bench]:
    async with aiohttp.ClientSession() as session:
        made = Bench(stand_in, session)
        yield made
        await made.calls.close()
