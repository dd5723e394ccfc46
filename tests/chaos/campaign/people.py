"""Says what a customer and an agent can do, wherever they are; each place has a file of its own."""

from typing import Protocol

from bot.ports import Unsure
from flows.button import Button
from flows.conversation import Conversation
from tests.chaos.campaign.ledger import Act, Case
from tests.chaos.campaign.patience import must_see
from tests.chaos.campaign.town import Town

LABELS = {"still-failing": "Still failing", "fixed": "Fixed it", "person": "Talk to a person"}
"""What stands on the buttons, by the choice."""


class Customer(Protocol):
    """A customer. Each method returns once they have seen that it was done. Raises GaveUp."""

    async def come(self) -> None:
        """Ask for help; the case gets its conversation."""

    async def press(self, choice: str, *, twice: bool = False, late: bool = False) -> None:
        """Choose an answer, or ask for a person; `twice` and `late` are as in a Script."""

    async def say(self) -> None:
        """Write something that no one else writes."""

    async def leave(self) -> None:
        """Look a last time."""


class Agent(Protocol):
    """An agent, who has one ticket. Each method returns once they have seen that it was done. Raises GaveUp."""

    async def claim(self) -> None:
        """Take the ticket."""

    async def reply(self) -> None:
        """Reply to the customer."""

    async def note(self) -> None:
        """Write a note, which no customer may see."""

    async def release(self) -> None:
        """Give the ticket back to the team."""

    async def hand_back(self) -> None:
        """Let the bot go on at the step that the customer left."""

    async def resolve(self) -> None:
        """Resolve the ticket, without a word."""


class Witness:
    """Looks at what is recorded about one case, and compares it with what people were told."""

    def __init__(self, town: Town, case: Case) -> None:
        self.town, self.case = town, case

    async def at(self) -> Conversation:
        """Return the conversation as it is recorded. Raises StoreDown."""
        found = await self.town.store.conversations.load(self.case.conversation)
        if found is None:
            raise LookupError(f"conversation {self.case.conversation} is not there")
        return found

    async def now(self) -> Conversation:
        """Return the conversation, as soon as the store answers."""
        return await must_see(self.at, "the store")

    async def conversation_of(self, contact: str) -> str:
        """Return the only conversation of a contact; '' if there is none yet. Raises StoreDown."""
        found = await self.town.store.places.of(contact, 3)
        if len(found) > 1:
            self.case.troubles.append(f"one start became {len(found)} conversations: {', '.join(found)}")
        return found[-1] if found else ""

    async def has(self, act: Act) -> bool:
        """Return whether the words of an act are recorded. Raises StoreDown."""
        found = await self.town.store.conversations.words(self.case.conversation)
        return any(act.text in each.text for each in found.values())

    async def agents_thread(self) -> str:
        """Return the receipt of the agents' thread; '' if there is none yet. Raises StoreDown."""
        at = await self.at()
        if not at.thread_effect:
            return ""
        try:
            return await self.town.store.outbox.receipt(at.id, at.thread_effect) or ""
        except Unsure:
            return ""

    async def passed(self, act: Act) -> bool:
        """Return whether the turn of an act has passed."""
        at = await self.at()
        return at.turn > act.turn or at.status.value != "guiding"

    async def check_taken(self, act: Act, pressed: str = "") -> None:
        """Check that an acknowledged press is recorded: at once, not later (L4).

        `pressed` is the text that a platform keeps for the button; the page has none. A message of an earlier turn
        keeps its buttons until the bot can change it; a press on it is answered too, and rightly counts for nothing.
        """
        button = Button.parse(pressed)
        if act.answer == "taken" and button and not button.built_in and button.turn < act.turn:
            act.answer = "outdated"
        if act.answer != "taken":
            return
        at = await self.now()
        if at.turn <= act.turn and at.status.value == "guiding":
            self.case.troubles.append(f"{act.what} in turn {act.turn} was acknowledged and is not recorded")
