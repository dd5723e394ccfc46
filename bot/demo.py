"""An example to try the desk with: a few conversations in different states, made by the events of people.

Every key is fixed, so that a second start finds what the first one made.
"""

from collections.abc import Sequence
from typing import Final

from bot.ports import Receive
from flows.acts import Act
from flows.conversation import Address
from flows.events import (
    Answered,
    Claimed,
    Concluded,
    Detailed,
    Escalated,
    Event,
    Noted,
    Replied,
    Said,
    Snoozed,
    Started,
)

PASTED: Final = (
    "Your QuickBooks Desktop connection is not active. It was last active November 21 at 4:12 PM.\n"
    "What can I do?"
)

STILL: Final = Answered(choice="still-failing")

STORIES: Final[Sequence[tuple[str, Sequence[Event]]]] = (
    (
        "Maria Lopez",
        (
            STILL,
            STILL,
            STILL,
            Answered(choice="has-a-value"),
            Answered(choice="dont-have-it"),
            Said(text="Our bookkeeper left last month, and she set all of this up."),
        ),
    ),
    ("Tom Becker", (STILL, Escalated(), Detailed(reason="not_at_computer", text="I'm back at 3 pm."))),
    (
        "Aisha Khan",
        (
            STILL,
            STILL,
            STILL,
            Answered(choice="blank"),
            Answered(choice="dots"),
            Claimed(),
            Noted(text="Same error as two others today. I ask about the update of last night."),
            Replied(text="Hello Aisha, I'm Kim. Did your computer install updates last night?"),
            Said(text="Yes! It restarted by itself."),
        ),
    ),
    ("Jonas Weber", (STILL, Escalated(), Snoozed(until="tomorrow"))),
    (
        "Wei Chen",
        (
            STILL,
            Escalated(),
            Replied(text="The Web Connector was closed. Is it better now?"),
            Said(text="It syncs again, thank you."),
            Concluded(reason="A step in the guide", text="It was closed after a restart."),
        ),
    ),
    ("Elena Rossi", (STILL, STILL)),
)
"""Who came, and what happened then: what agents do is done by Kim, everything else by the customer."""


async def seed(receive: Receive) -> None:
    """Let it happen, through the same desk as everything else. Raises StoreDown."""
    for name, events in STORIES:
        who = name.split()[0].lower()
        contact = f"web:demo-{who}"
        outcome = await receive(
            Started(
                door=f"web/demo-{who}/",
                address=str(Address(channel="web", person=f"demo-{who}")),
                key="demo",
                actor=contact,
                name=name,
                text=PASTED,
            )
        )
        for index, event in enumerate(events):
            if outcome is None or outcome.repeated or not outcome.conversation.version:
                break
            at = outcome.conversation
            more = {"turn": at.turn} if isinstance(event, Answered | Said) else {}
            by = {"actor": "desk:demo", "name": "Kim"} if isinstance(event, Act) else {"actor": contact}
            given = {"key": f"demo.{index}", "conversation": at.id, **by, **more}
            outcome = await receive(event.model_copy(update=given))
