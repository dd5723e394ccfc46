"""Fills the desk with a few example conversations in different states.

Every key is fixed, so that a second start finds what the first one made.
"""

from collections.abc import Sequence
from typing import Final

from bot.ports import ReadPositions, Receive
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
            Said(text="Our bookkeeper set all of this up, and she left last month."),
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
            Noted(text="Two other customers hit this error today. Asking about last night's update."),
            Replied(text="Hi Aisha, I'm Kim. Did your computer install updates last night?"),
            Said(text="Yes! It restarted on its own."),
        ),
    ),
    ("Jonas Weber", (STILL, Escalated(), Snoozed(until="tomorrow"))),
    (
        "Wei Chen",
        (
            STILL,
            Escalated(),
            Replied(text="It looks like the Web Connector was closed. Is it syncing now?"),
            Said(text="Yes, it's syncing again. Thanks!"),
            Concluded(reason="A step in the guide", text="The Web Connector was closed after a restart."),
        ),
    ),
    ("Elena Rossi", (STILL, STILL)),
)
"""The customers and their events: acts are Kim's, who is the agent; all other events are the customer's."""


async def seed(receive: Receive, views: ReadPositions) -> None:
    """Create the example conversations through the same desk as every other event. Raises StoreDown.

    A customer who writes has seen what stood there before.
    """
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
            if isinstance(event, Said):
                await views.saw(at.id, at.version)
            more = {"turn": at.turn} if isinstance(event, Answered | Said) else {}
            by = {"actor": "desk:demo", "name": "Kim"} if isinstance(event, Act) else {"actor": contact}
            given = {"key": f"demo.{index}", "conversation": at.id, **by, **more}
            outcome = await receive(event.model_copy(update=given))
