"""Tests the laws of email under random events: no note leaks, every reply is seen or emailed, once, in order."""

import asyncio
import time
from collections import Counter, deque
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.customer_mail import Mailer, MailSettings
from flows.conversation import Conversation
from flows.events import (
    Answered,
    Claimed,
    Concluded,
    Detailed,
    Escalated,
    Event,
    HandedBack,
    Noted,
    Released,
    Reopened,
    Replied,
    Said,
)
from flows.text.markup.words import plain
from tests.fakes.clockwork import lanes_due, settle, time_passes
from tests.fakes.flows import catalogue
from tests.fakes.platform import Platform, Sender
from tests.fakes.post import PostOffice
from tests.fakes.unlimited import UnlimitedAllowances
from tests.fakes.world import World, store_in_memory

ANA, MAX = "sent:ana", "desk:max"
ADDRESS = "ana@post.example"
MARK = "among-us"
"""A word in every note, and in every other text that only agents may see."""


class MailInAnyOrder(RuleBasedStateMachine):
    """Runs a customer of the page who looks sometimes, and an agent at the desk."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.count = 0
        self.replies: dict[str, int] = {}
        self.looked = 0
        self.lost = False
        self.confirmed = False

    def teardown(self) -> None:
        try:
            if hasattr(self, "at"):
                self.every_reply_is_seen_or_mailed_once()
                self.run(self.world.close())
        finally:
            self.runner.close()

    def run(self, work: Any) -> Any:
        return self.runner.get_loop().run_until_complete(work)  # `run` sets a signal handler each time

    @initialize()
    def begin(self) -> None:
        self.run(self._begin())

    async def _begin(self) -> None:
        store, self.post = store_in_memory(), PostOffice(faults=deque())
        shelf = catalogue().model_copy(update={"mailed": frozenset({"web"})})
        look = World(store=store, shelf=shelf).app.look
        given = (store.conversations, store.outbox, store.views, store.vault)
        ports = (*given, store.addresses, UnlimitedAllowances(), look)
        # All that was said was said an hour ago: every mail is due as soon as it is tried.
        mailer = Mailer(
            self.post,
            MailSettings("https://fix.example", 0, 7),
            *ports,
            lambda: int(time.time() * 1000) + 3_600_000,
        )
        self.world = World(store=store, shelf=shelf, channels=(Sender(Platform()), mailer))
        self.at: Conversation = await self.world.start(channel="web")
        await self._send(Escalated(), ANA)
        await self._send(Detailed(reach=ADDRESS), ANA)

    async def _send(self, event: Event, actor: str) -> bool:
        self.count += 1
        given = {"conversation": self.at.id, "actor": actor, "key": f"e{self.count}"}
        outcome = await self.world.send(event.model_copy(update=given), actor)
        assert outcome is not None
        self.at = outcome.conversation
        return outcome.refusal is None

    def do(self, event: Event, actor: str = MAX) -> bool:
        done: bool = self.run(self._send(event, actor))
        return done

    @rule()
    def reply(self) -> None:
        text = f"reply {self.count}."
        if self.do(Replied(text=text, name="Max")):
            self.replies[text] = self.at.version

    @rule()
    def note(self) -> None:
        self.do(Noted(text=f"{MARK} they never plug it in", name="Max"))

    @rule(kind=st.sampled_from([Claimed, Released, HandedBack]))
    def act(self, kind: type[Any]) -> None:
        self.do(kind(name="Max"))

    @rule()
    def conclude(self) -> None:
        self.do(Concluded(reason=f"{MARK} r", text=f"{MARK} their fault", name="Max"))

    @rule(event=st.sampled_from([Said(text="hello?"), Reopened(), Escalated(), Answered(choice="fixed")]))
    def the_customer_does(self, event: Event) -> None:
        given = {"turn": self.at.turn} if isinstance(event, Answered) else {}
        self.do(event.model_copy(update=given), ANA)

    @rule()
    def the_customer_looks(self) -> None:
        self.looked = self.at.version
        self.run(self.world.store.views.saw(self.at.id, self.at.version))

    @rule()
    def clocks_ring(self) -> None:
        self.run(time_passes(self.world))
        self.at = self.run(self.world.store.conversations.load(self.at.id))

    @rule(fault=st.sampled_from(["busy", "lose-request", "lose-answer"]))
    def the_post_fails(self, fault: str) -> None:
        self.lost = self.lost or fault.startswith("lose")
        self.post.faults.append(fault)

    @rule()
    def a_worker_comes_by(self) -> None:
        self.run(self._carried())

    async def _carried(self) -> None:
        if self.confirmed:
            await settle(self.world, "mail")
            return
        await lanes_due(self.world.store, ("mail",))
        await self.world.app.outbox.pick_up()
        await self.world.app.outbox.idle()

    @rule()
    def the_customer_opens_the_link(self) -> None:
        self.run(self._confirm())

    async def _confirm(self) -> None:
        self.confirmed = True
        await self.world.store.addresses.confirm(self.at.contact, ADDRESS)

    @invariant()
    def nothing_is_mailed_to_an_address_that_is_not_confirmed(self) -> None:
        assert self.confirmed or not hasattr(self, "post") or not self.post.sent

    @invariant()
    def no_note_is_ever_mailed(self) -> None:
        if hasattr(self, "at"):
            for mail in self.post.sent:
                assert MARK not in mail.model_dump_json()

    def every_reply_is_seen_or_mailed_once(self) -> None:
        """Where no answer of the post was lost; else at most two mails bear it, both under one name. What was given up,
        because nobody knows whether it arrived, is in the next mail once more.
        """
        self.post.faults.clear()
        self.run(self._confirm())
        self.run(self._carried())
        buried = self.run(self.world.store.backlog.buried())
        for text, version in self.replies.items():
            mails = [
                mail for mail in self.post.sent if any(text in plain(one.words) for one in mail.passages)
            ]
            copies = Counter(mail.name for mail in mails)
            assert len(copies) <= 1 + len(buried)
            assert all(count <= (2 if self.lost else 1) for count in copies.values())
            assert mails or version <= self.looked or buried
        told = [text for mail in self.post.sent for text in self.replies if text in mail.model_dump_json()]
        assert list(dict.fromkeys(told)) == sorted(dict.fromkeys(told), key=lambda text: self.replies[text])


MailInAnyOrder.TestCase.settings = settings(
    max_examples=40, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
TestMailInAnyOrder = MailInAnyOrder.TestCase
