"""Adds faults of the platform to the laws' state machine, and checks in the end that nothing was lost by them."""

from typing import Any

import hypothesis.strategies as st
from hypothesis.stateful import rule

from tests.fakes.clockwork import settle
from tests.laws.support.edits import ChangedWords

FAULTS = ["fine", "fine", "fine", "busy", "lose-request", "lose-answer", "refuse", "delete-thread"]


class PlatformFaults(ChangedWords):
    """Makes sends fail. `refused` says that one was refused for good, `deleted` that a thread was deleted."""

    def __init__(self) -> None:
        super().__init__()
        self.refused = False
        self.deleted = False

    @rule(fault=st.sampled_from(FAULTS))
    def the_platform_fails(self, fault: Any) -> None:
        self.refused = self.refused or fault == "refuse"
        self.deleted = self.deleted or fault == "delete-thread"
        self.world.platform.faults.append(fault)

    def nothing_is_lost(self) -> None:
        """Check that every reply arrives once and in order, and that a thread has its packet and each update once."""
        self.run(settle(self.world, "sent"))
        rooms = self.world.platform.rooms
        for room in ("ana", "desk", "smoke"):
            effects = [posted.effect for posted in rooms[room]]
            assert len(set(effects)) == len(effects)
        if self.refused:
            return
        if self.at.customer.startswith("sent"):
            arrived = [posted.text for posted in rooms["ana"] if posted.text in self.replies.values()]
            assert arrived == list(self.replies.values())
        if self.at.thread_effect:
            opened = [posted for room in ("desk", "smoke") for posted in rooms[room] if not posted.thread]
            count = [posted.effect for posted in opened].count(self.at.thread_effect)
            unneeded = not self.at.ticket_open or self.world.platform.unnoticed
            assert count == 1 or (count == 0 and self.deleted and unneeded)
