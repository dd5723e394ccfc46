"""Decides what an agent's message, click and form do in an agents' thread: the same on every platform."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import TypeAdapter

from bot.ports import Marks, Outcome, Receive, ReplyStatus, SavedReplies, Vault
from bot.ports.agents import HeldReply, Reaction, ThreadEdit, ThreadLine
from flows import agent_forms
from flows.agent_forms import FORMS, Answers, Form, FormContext, Who, act_at_once, act_for, form_for
from flows.conversation import Conversation
from flows.events import Edited, Event, Noted, Replied
from flows.flow import Flow
from flows.orders import Order, Verb, meant, refused, why
from flows.rules.agents.forward_targets import Recipient
from flows.text.agent_phrases import phrase
from flows.text.markup.styled import ending, masked
from flows.text.markup.wordtree import Words
from flows.text.secrets.masking import mask
from flows.views.dossier import Dossier

HELD_S: Final = 24 * 3600
"""Seconds in which an agent can still send a message that looked like a command."""

SENT_ONCE_S: Final = 24 * 3600
"""Seconds in which a message is sent to the customer only once, whichever agent presses the button."""

SHOWN_CHARS: Final = 200
"""Characters of an unclear message that the question about it repeats."""


@dataclass(frozen=True)
class AgentDesk:
    """Holds the dependencies of agents' threads.

    `dossier`, `flow`, `saved`, `recipients` and `status` look things up; `teams` returns names by id; `guides` the
    available flows. On `pulled` channels a reply is on the customer's screen as soon as it is recorded.
    """

    receive: Receive
    dossier: Callable[[str], Awaitable[Dossier | None]]
    flow: Callable[[Conversation], Awaitable[Flow]]
    saved: SavedReplies
    recipients: Callable[[Conversation], Awaitable[tuple[Recipient, ...]]]
    status: Callable[[str, str], Awaitable[ReplyStatus | None]]
    teams: Callable[[], Mapping[str, str]]
    guides: Callable[[], Sequence[Flow]]
    marks: Marks
    vault: Vault
    pulled: frozenset[str] = frozenset()


_WORDS: Final = TypeAdapter(Words)


class AgentThread:
    """Handles what agents do on one platform: an `AgentsPlace`."""

    def __init__(self, desk: AgentDesk, *, prefix: str = "", forms_follow: bool = True) -> None:
        """Take the dependencies; `prefix` starts the names of this platform's marks; `forms_follow`: a form may open
        another.
        """
        self._desk = desk
        self._prefix = prefix
        self._forms_follow = forms_follow

    # ------------------------------------------------------------ lines

    async def line(self, at: Conversation, line: ThreadLine) -> Reaction:
        """Handle a message; see `AgentsPlace`. A message that may be a command is never sent to the customer."""
        saved = await self._saved(at, line)
        means = meant(line.text, saved)
        given = line.who.of(at.id)
        if means.kind == "order" and means.verb is not None and not line.files:
            event = act_at_once(means.verb, at.id, line.who)
            assert event is not None, "what a line orders is done at once"
            return (await self._record(event))[0]
        if means.kind == "reply" and (means.text or line.files):
            styled = ending(line.styled, means.text)
            said = Replied(text=means.text, styled=styled, files=line.files, line=line.receipt, **given)
            return await self._reply(said)
        if means.kind == "canned" and not line.files:
            # A key of its own: an edit of the line edits the saved reply's name, not its text.
            given["key"] = f"{line.who.key}/ready"
            return await self._reply(Replied(text=saved[means.text], line=line.receipt, aside=True, **given))
        reaction, recorded = await self._record(
            Noted(text=line.text, styled=line.styled, files=line.files, **given)
        )
        if recorded is None:
            return reaction
        doubt = Reaction() if means.kind == "note" else await self._doubt(at, line, means.text, means.verb)
        return doubt.model_copy(update={"mark": "note"})

    async def _saved(self, at: Conversation, line: ThreadLine) -> dict[str, str]:
        """Return the saved replies by id, and look them up only if the line may name one."""
        if not line.text.startswith("!"):
            return {}
        return {reply.id: reply.text for reply in await self._desk.saved(at, line.who.name)}

    async def _reply(self, event: Replied) -> Reaction:
        """Record a reply, and mark it as sent if the customer's screen shows it already; else the outbox marks it on
        arrival.
        """
        reaction, outcome = await self._record(event)
        if outcome is None:
            return reaction
        pulled = outcome.conversation.customer.partition("|")[0] in self._desk.pulled
        return Reaction(mark="sent" if pulled else "")

    async def _doubt(self, at: Conversation, line: ThreadLine, text: str, verb: Verb | None) -> Reaction:
        """Ask the author whether the line is a command or a reply."""
        if not text:
            return Reaction(text=phrase("menu"), menu=True)
        hidden, words = masked(ending(line.styled, text), text, mask)
        styled = _WORDS.dump_python(words, mode="json")
        held = json.dumps({"text": hidden, "of": line.who.key, "styled": styled})
        token = await self._desk.vault.put(held, HELD_S)
        orders = [Order(verb="send", conversation=at.id, of=token)]
        if verb not in (None, "reply"):
            orders.append(Order(verb=verb, conversation=at.id))
        return Reaction(text=phrase("unsure", text=text[:SHOWN_CHARS]), orders=tuple(orders))

    async def _record(self, event: Event) -> tuple[Reaction, Outcome | None]:
        """Record the event. Return what to show, and the outcome if the event was recorded now."""
        outcome = await self._desk.receive(event)
        if outcome is None:
            return Reaction(text=phrase("gone")), None
        if outcome.refusal is not None:
            at, refusal = outcome.conversation, outcome.refusal
            return Reaction(text=refused(at, refusal), orders=why(at, refusal)[1]), None
        return Reaction(), None if outcome.repeated else outcome

    # ------------------------------------------------------------ edits

    async def edited(self, at: Conversation, edit: ThreadEdit) -> Reaction:
        """Handle an edit; see `AgentsPlace`.

        The store keeps the new words, and the customer's copy of a reply follows.
        """
        status = await self._desk.status(at.id, edit.receipt)
        if status is not None and edit.text and meant(edit.text).kind != "reply":
            return Reaction(text=phrase("edit_unclear"))
        version = status.version if status is not None and not edit.text else 0
        for actor in await self._authors(at, edit, status):
            event = Edited(
                conversation=at.id,
                of=edit.of,
                version=version,
                text=edit.text,
                styled=edit.styled,
                moment=edit.moment,
                actor=actor,
                key=edit.key,
            )
            outcome = await self._desk.receive(event)
            if outcome is None or outcome.refusal is None:
                return Reaction()
        if status is None:
            return Reaction(known=False)
        # It was a saved reply: an edit of the line edits the saved reply's name.
        return Reaction(text=phrase("edit_stays"))

    async def _authors(self, at: Conversation, edit: ThreadEdit, status: ReplyStatus | None) -> list[str]:
        """Return the possible authors of the message: Discord does not name the author of a deleted one."""
        if edit.actor:
            return [edit.actor]
        if status is not None:
            return [status.actor]
        known = await self._desk.dossier(at.id)
        lines = known.lines if known is not None else ()
        return list(dict.fromkeys(one.actor for one in lines if one.kind in ("reply", "note")))

    # ------------------------------------------------------------ buttons and forms

    async def pressed(self, order: Order, who: Who) -> Reaction | Form:
        """Handle a button; see `AgentsPlace`."""
        if order.verb == "send":
            return await self._send_held(order, who)
        if order.verb not in FORMS:
            event = act_at_once(order.verb, order.conversation, who)
            assert event is not None, "what has no form is done at once"
            return (await self._record(event))[0]
        dossier = await self._desk.dossier(order.conversation)
        if dossier is None:
            return Reaction(text=phrase("gone"))
        form = form_for(order, await self._context(order, dossier.conversation))
        return form or Reaction(text=phrase("no_recipient"))

    async def _context(self, order: Order, at: Conversation) -> FormContext:
        """Return what that form is made from, and no more."""
        saved = await self._desk.saved(at, "") if order.verb == "reply" else ()
        return FormContext(
            at=at,
            flow=await self._desk.flow(at),
            guides=self._desk.guides(),
            teams=self._desk.teams(),
            saved=tuple((reply.id, reply.title) for reply in saved),
            recipients=await self._desk.recipients(at) if order.verb == "forward" else (),
            forms_follow=self._forms_follow,
        )

    async def submitted(self, order: Order, answers: Answers, who: Who) -> Reaction | Form:
        """Handle a filled form; see `AgentsPlace`."""
        if order.verb == "guide":
            return await self._guide(order, answers)
        if order.verb == "reply" and answers.one(agent_forms.SAVED):
            with_saved = await self._with_saved(order, answers, who)
            if not isinstance(with_saved, Answers):
                return with_saved
            answers = with_saved
        event = act_for(order, answers, who, self._desk.teams())
        if isinstance(event, str):
            return Reaction(text=phrase(event))
        return (await self._record(event))[0]

    async def _guide(self, order: Order, answers: Answers) -> Reaction | Form:
        """Ask for the step of the chosen guide: with a form, or with a button that opens one."""
        chosen = answers.one(agent_forms.GUIDE)
        flow = next((flow for flow in self._desk.guides() if flow.id == chosen), None)
        dossier = await self._desk.dossier(order.conversation)
        if flow is None or dossier is None:
            return Reaction(text=phrase("choose_other" if dossier else "gone"))
        back = order.model_copy(update={"verb": "back", "of": flow.id})
        if not self._forms_follow:
            return Reaction(text=phrase("guide_next", guide=flow.title), orders=(back,))
        form = form_for(back, await self._context(back, dossier.conversation))
        assert form is not None, "a guide has steps"
        return form

    async def _with_saved(self, order: Order, answers: Answers, who: Who) -> Answers | Reaction | Form:
        """Return the typed text with the saved reply below it; as a form to edit first, if a form may follow a form."""
        dossier = await self._desk.dossier(order.conversation)
        if dossier is None:
            return Reaction(text=phrase("gone"))
        saved = await self._desk.saved(dossier.conversation, who.name)
        chosen = [reply.text for reply in saved if reply.id == answers.one(agent_forms.SAVED)]
        written = "\n\n".join(filter(None, (answers.text, *chosen)))
        if self._forms_follow:
            return agent_forms.finish_form(order, dossier.conversation, written)
        return answers.model_copy(update={"text": written})

    # ------------------------------------------------------------ sending held messages

    async def _send_held(self, order: Order, who: Who) -> Reaction:
        """Send a message that looked like a command as a reply."""
        kept = await self._desk.vault.peek(order.of)
        if kept is None:
            return Reaction(text=phrase("too_late"))
        held = json.loads(kept)
        message = str(held.get("of") or held.get("ts"))  # Slack's held lines had "ts" until 0.1
        return await self.send_once(message, order.conversation, who, _held(held))

    async def send_once(self, message: str, conversation: str, who: Who, reply: HeldReply) -> Reaction:
        """Send a message to the customer once; see `AgentsPlace`.

        `message` is the key of the line that holds the words.
        """
        mark = f"{self._prefix}sent/{message}"
        if not await self._desk.marks.first(mark, SENT_ONCE_S):
            return Reaction(text=phrase("sent_already"))
        recorded = False
        try:
            given = who.of(conversation) | {"key": f"send/{message}"}
            event = Replied(
                text=reply.text, styled=reply.styled, files=tuple(reply.files), aside=True, **given
            )
            reaction, _ = await self._record(event)
            recorded = not reaction.text
        finally:
            if not recorded:
                await self._desk.marks.clear(mark)
        return reaction


def _held(held: Mapping[str, Any]) -> HeldReply:
    return HeldReply(text=held["text"], styled=_WORDS.validate_python(held.get("styled") or ()))
