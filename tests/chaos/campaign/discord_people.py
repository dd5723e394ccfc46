"""Plays customers and agents in Discord. They act again if they see no effect, as people do."""

from typing import Any

from flows.conversation import Status
from tests.chaos.campaign.desk import SECRET
from tests.chaos.campaign.ledger import Act, Case
from tests.chaos.campaign.patience import must_see, until_done
from tests.chaos.campaign.people import LABELS, Witness
from tests.chaos.campaign.slack_people import AT_ONCE_S
from tests.chaos.campaign.town import SUPPORT, Town, flow
from tests.fakes.discord import Channel, Message, Person
from tests.fakes.discord.interactions import LATER, THINKING, Interaction
from tests.fakes.discord.state import pressable

Json = dict[str, Any]


class InDiscord:
    """A customer in a thread that the bot opens for a command, or in direct messages."""

    def __init__(self, town: Town, case: Case) -> None:
        self.town, self.case, self.discord = town, case, town.discord
        self.person = town.guild.member(f"Ben {case.script.number}")
        case.contact = f"discord:{self.person.id}"
        self.place: Channel = self.person.dm
        self._witness = Witness(town, case)

    async def come(self) -> None:
        async def ask() -> None:
            act = self.case.act("started")
            if self.case.script.place == "chat":
                text = f"the lights in house {self.case.script.team} went out"
                await self.person.dms(text, after_s=AT_ONCE_S)
                return
            rooms = self.town.discord_places
            room = rooms[self.case.script.number % len(rooms)]
            _answered(act, await self.person.runs("fix", room, problem=flow(self.case.script.team)))

        async def there() -> str:
            return await self._witness.conversation_of(self.case.contact)

        self.case.conversation = await until_done(ask, there, "a start in Discord", again_s=30.0)
        self.case.acts[-1].settled = True

    async def _there(self) -> Channel:
        """Return the place of the conversation, as recorded: the thread is opened after the start."""
        at = (await self._witness.at()).address("customer")
        if at is not None and at.thread:
            self.place = self.discord.world.channels[int(at.thread)]
        return self.place

    async def press(self, choice: str, *, twice: bool = False, late: bool = False) -> None:
        at = await self._witness.now()
        what = "escalate" if choice == "person" else f"answered {choice}"

        async def push() -> None:
            shown = await must_see(
                lambda: self._live(LABELS[choice], at.step), f"{LABELS[choice]} in Discord"
            )
            act = self.case.act(what, turn=at.turn)
            pressed = dict(pressable(shown.components))[LABELS[choice]]["custom_id"]
            try:
                clicked = await self.person.presses(shown, LABELS[choice])
            except AssertionError:
                act.says = "the button was gone"
                return
            _answered(act, clicked)
            await self._witness.check_taken(act, pressed)
            if twice:
                act.repeats += 1
                self.discord.repeats(clicked)

        async def passed() -> bool:
            return await self._witness.passed(self.case.acts[-1])

        await until_done(push, passed, f"{what} in Discord")
        self.case.acts[-1].settled = True

    async def say(self) -> None:
        async def write() -> None:
            act = self.case.act("said", self.case.words("words"))
            await self.person.writes(await self._there(), act.text, after_s=AT_ONCE_S)

        async def there() -> bool:
            return await self._witness.has(self.case.acts[-1])

        await until_done(write, there, "words in Discord", again_s=60.0)
        self.case.acts[-1].settled = True

    async def leave(self) -> None:
        pass

    async def _live(self, label: str, step: str) -> Message | None:
        place, title = await self._there(), f"Lamp {step.rpartition('-')[2]}"
        for one in reversed(place.messages.values()):
            if one.author is self.discord.bot and label in one.buttons and title in one.text:
                return one
        return None


def _answered(act: Act, clicked: Interaction) -> None:
    """Write down what came back for a click."""
    if clicked.answer is not None:
        promised = clicked.answer.type not in (THINKING, LATER)
        act.answer = "sorry" if SUPPORT in clicked.text else "taken" if promised else "later"


class DiscordAgent:
    """An agent in a team's channel in Discord, with one ticket."""

    def __init__(self, town: Town, case: Case, person: Person) -> None:
        self.town, self.case, self.person, self.discord = town, case, person, town.discord
        self.room = town.discord_rooms[case.script.team]
        self._witness = Witness(town, case)
        self._at: Channel | None = None

    async def _thread(self) -> Channel:
        """Return the ticket's thread."""
        if self._at is None:
            self._at = await must_see(self._opened, "the ticket's thread in Discord")
        return self._at

    async def _opened(self) -> Channel | None:
        """Return the thread once it is open: its id is that of the message which opened it."""
        receipt = await self._witness.agents_thread()
        return self.discord.world.channels.get(int(receipt.rpartition(":")[2])) if receipt else None

    async def _button(self, label: str) -> Message | None:
        for one in (await self._thread()).messages.values():
            if label in one.buttons:
                return one
        return None

    async def claim(self) -> None:
        await self._press("claimed", "Claim", Status.WITH_AGENT)

    async def release(self) -> None:
        await self._press("released", "Release", Status.WAITING)

    async def hand_back(self) -> None:
        at = await self._witness.now()
        await self._press("handed_back", "Hand back…", Status.GUIDING, {"step": at.step, "done": []})

    async def resolve(self) -> None:
        given = {"reason": "Answered a question", "text": ""}
        await self._press("concluded", "Resolve…", Status.RESOLVED, given)

    async def _press(self, what: str, label: str, wanted: Status, given: Json | None = None) -> None:
        async def push() -> None:
            shown = await must_see(lambda: self._button(label), f"{label} in Discord")
            act = self.case.act(what)
            clicked = await self.person.presses(shown, label)
            if given is not None:
                if clicked.modal is None:
                    return
                clicked = await self.person.submits(clicked, given)
            _answered(act, clicked)

        async def so() -> bool:
            return (await self._witness.at()).status is wanted

        await until_done(push, so, f"{what} in Discord")
        self.case.acts[-1].settled = True

    async def reply(self) -> None:
        await self._write("replied", "! ", "", "✅")

    async def note(self) -> None:
        await self._write("noted", "", f" {SECRET}", "🔒")

    async def _write(self, what: str, before: str, after: str, mark: str) -> None:
        async def write() -> None:
            text = f"{self.case.words('reply' if before else 'note')}{after}"
            self.case.act(what, text)
            thread = await self._thread()
            line = await self.person.writes(thread, f"{before}{text}", after_s=AT_ONCE_S)
            self.case.marks.append(("discord", f"{thread.id}/{line.id}/{mark}"))

        async def there() -> bool:
            return await self._witness.has(self.case.acts[-1])

        await until_done(write, there, f"{what} in Discord", again_s=60.0)
        self.case.acts[-1].settled = True
