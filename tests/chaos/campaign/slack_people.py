"""Plays customers and agents in Slack. They act again if they see no effect, as people do."""

from typing import Any, Final

from flows.conversation import Status
from tests.chaos.campaign.desk import SECRET
from tests.chaos.campaign.ledger import Act, Case
from tests.chaos.campaign.patience import must_see, until_done
from tests.chaos.campaign.people import LABELS, Witness
from tests.chaos.campaign.town import SUPPORT, Town
from tests.fakes.slack import labels
from tests.fakes.slack.controls import find
from tests.fakes.slack.people import Person

Json = dict[str, Any]

AT_ONCE_S: Final = 0.001
"""Seconds between the newest message of a place and a person's next one: these people read fast."""

PROMISED_S: Final = 2.3
"""Seconds after which an acknowledgement may go out before the work is done, so that Slack shows no error."""


class InSlack:
    """A customer in a thread of a channel, or in direct messages."""

    def __init__(self, town: Town, case: Case) -> None:
        self.town, self.case, self.slack = town, case, town.slack
        number = case.script.number
        self.person = self.slack.person(f"U1{number:06d}", name=f"Ana {number}")
        case.contact = f"slack:{self.slack.workspace.team}:{self.person.id}"
        direct = case.script.place == "dm"
        self.room = self.person.dm if direct else town.slack_places[number % len(town.slack_places)]
        self.thread = ""
        self._witness = Witness(town, case)

    async def come(self) -> None:
        text = f"the lights in house {self.case.script.team} went out"
        direct = self.case.script.place == "dm"

        async def ask() -> None:
            self.case.act("started")
            if direct:
                await self.person.writes(self.room, text, after_s=AT_ONCE_S)
            else:
                self.thread = await self.person.mentions(self.room, text, after_s=AT_ONCE_S)

        async def there() -> str:
            return await self._witness.conversation_of(self.case.contact)

        self.case.conversation = await until_done(ask, there, "a start in Slack", again_s=30.0)
        self.case.acts[-1].settled = True

    async def press(self, choice: str, *, twice: bool = False, late: bool = False) -> None:
        at = await self._witness.now()
        what = "escalate" if choice == "person" else f"answered {choice}"
        before = ""

        async def push() -> None:
            nonlocal before
            ts = await must_see(lambda: self._live(LABELS[choice], at.step), f"{LABELS[choice]} in Slack")
            before = before or ts
            act = self.case.act(what, turn=at.turn)
            await self._pressed(act, ts, LABELS[choice])
            if twice:
                act.repeats += 1
                await self._pressed(self.case.act("second press", turn=at.turn), before, LABELS[choice])

        async def passed() -> bool:
            return await self._witness.passed(self.case.acts[-1])

        await until_done(push, passed, f"{what} in Slack")
        next(act for act in self.case.acts[::-1] if act.what == what).settled = True

    async def _pressed(self, act: Act, ts: str, label: str) -> None:
        told = len(self.slack.workspace.ephemerals)
        try:
            _block, button, option = find(self.slack.workspace.find(ts)[1], label)
            answer = await self.person.presses(ts, label)
        except AssertionError:
            act.says = "the button was gone"
            return
        if answer.acked:
            sorry = self._sorry(told)
            in_time = answer.seconds < PROMISED_S
            act.answer = "sorry" if sorry else "taken" if in_time else "later"
            if act.what != "second press":
                await self._witness.check_taken(act, (option or button)["value"])

    def _sorry(self, told: int) -> bool:
        """Return whether this person was asked to try again since then."""
        shown = self.slack.workspace.ephemerals[told:]
        return any(one.user == self.person.id and SUPPORT in str(one.message) for one in shown)

    async def say(self) -> None:
        async def write() -> None:
            act = self.case.act("said", self.case.words("words"))
            await self.person.writes(self.room, act.text, thread=self.thread, after_s=AT_ONCE_S)

        async def there() -> bool:
            return await self._witness.has(self.case.acts[-1])

        await until_done(write, there, "words in Slack", again_s=30.0)
        self.case.acts[-1].settled = True

    async def leave(self) -> None:
        pass

    async def _live(self, label: str, step: str) -> str:
        """Return the newest message with that button and that step."""
        title = f"Lamp {step.rpartition('-')[2]}"
        held = self.slack.workspace.channels[self.room].messages.values()
        for one in reversed([*held]):
            mine = one.get("bot_id") and (not self.thread or one.get("thread_ts") == self.thread)
            if mine and title in str(one["text"]) and label in labels(one):
                return str(one["ts"])
        return ""


class SlackAgent:
    """An agent in a team's channel in Slack, with one ticket."""

    def __init__(self, town: Town, case: Case, person: Person) -> None:
        self.town, self.case, self.person, self.slack = town, case, person, town.slack
        self.room = town.slack_rooms[case.script.team]
        self._witness = Witness(town, case)
        self._at = ""

    async def _thread(self) -> str:
        """Return the ticket's thread."""

        async def there() -> str:
            return await self._witness.agents_thread()

        if not self._at:
            self._at = (await must_see(there, "the ticket's thread in Slack")).partition(":")[2]
        return self._at

    async def _button(self, label: str) -> str:
        thread = await self._thread()
        for one in self.slack.workspace.thread(self.room, thread):
            if one["ts"] != thread and label in labels(one):
                return str(one["ts"])
        return ""

    async def claim(self) -> None:
        await self._press("claimed", "Claim", Status.WITH_AGENT)

    async def release(self) -> None:
        await self._press("released", "Release", Status.WAITING)

    async def hand_back(self) -> None:
        at = await self._witness.now()
        await self._press("handed_back", "Hand back…", Status.GUIDING, {"step": at.step})

    async def resolve(self) -> None:
        given = {"reason": "Answered a question", "text": ""}
        await self._press("concluded", "Resolve…", Status.RESOLVED, given)

    async def _press(self, what: str, label: str, wanted: Status, given: Json | None = None) -> None:
        async def push() -> None:
            ts = await must_see(lambda: self._button(label), f"{label} in Slack")
            act = self.case.act(what)
            answer = await self.person.presses(ts, label)
            view = self.slack.view_of(self.person) if given is not None else None
            if view is not None and given is not None:
                answer = await self.person.submits(view, given)
                if answer.payload:
                    act.says = str(answer.payload)
                    await self.person.closes(view, everything=True)
            elif given is not None:
                return
            act.answer = "taken" if answer.acked and not answer.payload else "sorry"

        async def so() -> bool:
            return (await self._witness.at()).status is wanted

        await until_done(push, so, f"{what} in Slack")
        self.case.acts[-1].settled = True

    async def reply(self) -> None:
        await self._write("replied", "!", "", "white_check_mark")

    async def note(self) -> None:
        await self._write("noted", "", f" {SECRET}", "lock")

    async def _write(self, what: str, before: str, after: str, mark: str) -> None:
        async def write() -> None:
            text = f"{self.case.words('reply' if before else 'note')}{after}"
            self.case.act(what, text)
            line = await self.person.writes(
                self.room, f"{before}{text}", thread=await self._thread(), after_s=AT_ONCE_S
            )
            self.case.marks.append(("slack", f"{self.room}/{line}/{mark}"))

        async def there() -> bool:
            return await self._witness.has(self.case.acts[-1])

        await until_done(write, there, f"{what} in Slack", again_s=60.0)
        self.case.acts[-1].settled = True
