"""Reads a conversation to draw it: its record, journal and words, and every flow that these need."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, NamedTuple

from cachetools import TTLCache

from bot.notices import Outages
from bot.ports import Conversations, Damaged, Revisions, RevisionUnreadable
from flows.catalogue import Catalogue
from flows.conversation import Conversation
from flows.effects import Change
from flows.engine import apply
from flows.events import Spoken
from flows.flow import Flow
from flows.prompts import Prompt, team_names
from flows.replies import Canned
from flows.rules.agents.forward_targets import Recipient, recipients
from flows.text.markup.words import Words
from flows.views.answered_steps import AnsweredStep, answered_steps
from flows.views.dossier import Dossier, dossier
from flows.views.reply_blanks import ready
from flows.views.screen import Screen, screen
from flows.views.walk import Walk


class Library:
    """Holds flows by revision: the available ones in memory, older ones fetched once."""

    def __init__(self, revisions: Revisions, catalogue: Catalogue) -> None:
        """Start with the catalogue's flows, which need no trip to the store."""
        self._revisions = revisions
        self._flows = {flow.revision: flow for flow in catalogue.by_id.values()}

    async def flow(self, revision: str) -> Flow:
        """Return the flow of that revision. Raises RevisionUnreadable if this version cannot read it (law L8)."""
        found = self._flows.get(revision)
        if found is None:
            found = await self._revisions.fetch(revision)
            if found is None:
                raise RevisionUnreadable(f"revision {revision} is not in the store")
            self._flows[revision] = found
        return found

    async def keep(self) -> None:
        """Store the available flows, so that conversations pinned to them outlive this deployment."""
        for flow in tuple(self._flows.values()):
            await self._revisions.keep(flow)


LONG: Final = 32
"""Events from which on a drawing is remembered. Drawing a shorter conversation anew costs less than a click."""

MOST: Final = 5_000
"""Events of all conversations whose drawings are remembered: some thirty megabytes."""

LASTING_S: Final = 15 * 60
"""Seconds for which a drawing is remembered after it was used."""


class Read(NamedTuple):
    """Everything recorded of a conversation."""

    at: Conversation
    rows: Sequence[Change]
    words: Mapping[int, Spoken]
    flows: Mapping[str, Flow]

    def row(self, version: int) -> Change | None:
        """Return the change of that version; None if there is none."""
        return next((row for row in self.rows if row.version == version), None)


@contextmanager
def _damage_of(read: Read) -> Iterator[None]:
    """Raise Damaged if a conversation cannot be drawn and a part of its journal was damaged."""
    try:
        yield
    except Exception as error:
        if len(read.rows) >= read.at.version:
            raise
        raise Damaged(f"the journal of conversation {read.at.id} is damaged") from error


class RecentWalks:
    """Holds the walks through the long journals that were drawn of late, so that each is drawn on where it grew."""

    def __init__(self) -> None:
        self._walks: TTLCache[str, Walk] = TTLCache(MOST, LASTING_S, getsizeof=len)

    def of(self, read: Read) -> Walk:
        """Return the walk of an earlier drawing; a new one for a conversation that was not drawn of late."""
        walk = self._walks.pop(read.at.id, None) or Walk(read.at.id)
        walk.frames(read.rows, read.flows)
        if LONG <= len(walk) <= MOST:
            self._walks[read.at.id] = walk
        return walk


class Reader:
    """Draws screens for customers and dossiers for agents."""

    def __init__(
        self,
        conversations: Conversations,
        library: Library,
        words: Mapping[str, str],
        outages: Outages | None = None,
        replies: Sequence[Canned] = (),
        *,
        mails: bool = False,
    ) -> None:
        """Take the ports and the operator's setup.

        `words` are the operator's, by setting; `outages` gives the notice at the top of a flow's steps; `replies` are
        the saved replies. `mails` says whether tickets can be forwarded by email.
        """
        self._canned = replies
        self._mails = mails
        self._outages = outages
        self._conversations = conversations
        self._library = library
        self._words = words
        self._walks = RecentWalks()

    async def screen(self, conversation_id: str) -> Screen | None:
        """Return what the contact sees now; None if there is no such conversation."""
        read = await self._read(conversation_id)
        if read is None:
            return None
        with _damage_of(read):
            drawn = screen(*read, self._words, self._walks.of(read))
        return await self._with_notice(drawn)

    async def retraced(self, conversation: Conversation) -> tuple[AnsweredStep, ...]:
        """Return the steps that the contact had answered at that record, as their screen showed them."""
        rows = await self.rows(conversation)
        return answered_steps(conversation, rows, await self._flows(conversation, rows), self._words)

    async def _with_notice(self, screen: Screen) -> Screen:
        """Return the screen with the notice at the top of its prompt."""
        prompt = await self.led(screen.prompt, screen.conversation)
        return screen if prompt is screen.prompt else screen.model_copy(update={"prompt": prompt})

    async def dossier(self, conversation_id: str) -> Dossier | None:
        """Return what an agent sees of the conversation now."""
        read = await self._read(conversation_id)
        return None if read is None else await self.dossier_of(read)

    async def dossier_of(self, read: Read) -> Dossier:
        """Return the dossier of a conversation that was read already."""
        with _damage_of(read):
            drawn = dossier(*read, self._words, self._walks.of(read))
        return drawn.model_copy(update={"screen": await self._with_notice(drawn.screen)})

    async def past(self, conversation_id: str, version: int) -> Dossier | None:
        """Return what an agent would have seen at that version, without later events; people's words are today's.

        A version before the first means the first, a version after the last means the last.
        """
        read = await self._read(conversation_id)
        if read is None:
            return None
        rows = [row for row in read.rows if row.version <= max(version, read.rows[0].version)]
        at = Conversation(id=conversation_id)
        for row in rows:
            at = apply(at, row)
        words = {number: said for number, said in read.words.items() if number <= at.version}
        return dossier(at, rows, words, read.flows, self._words)

    async def led(self, prompt: Prompt, conversation: Conversation) -> Prompt:
        """Return a prompt as shown now, with the notice of its flow if there is one."""
        return prompt if self._outages is None else await self._outages.led(prompt, conversation.flow)

    async def notices(self) -> Mapping[str, Words]:
        """Return the current notices by the id of their flow."""
        return {} if self._outages is None else await self._outages.notices()

    async def flow(self, conversation: Conversation) -> Flow:
        """Return the flow revision that the conversation is pinned to. Raises RevisionUnreadable (law L8)."""
        return await self._library.flow(conversation.revision)

    async def replies(self, conversation: Conversation, agent: str) -> tuple[Canned, ...]:
        """Return the saved replies, filled in for that conversation and agent. Raises RevisionUnreadable (law L8)."""
        return ready(self._canned, conversation, await self.flow(conversation), self._words, agent)

    async def recipients(self, conversation: Conversation) -> tuple[Recipient, ...]:
        """Return the teams that the ticket can be forwarded to; none if email is not set up.

        Raises RevisionUnreadable.
        """
        if not self._mails or not conversation.ticket_open:
            return ()
        return recipients(await self.flow(conversation), self._words)

    def teams(self, catalogue: Catalogue) -> dict[str, str]:
        """Return the teams that a ticket can be transferred to: names by id, in the order of the flows."""
        return team_names(catalogue.by_id.values(), self._words)

    async def _read(self, conversation_id: str) -> Read | None:
        at = await self._conversations.load(conversation_id)
        return None if at is None else await self.read(at)

    async def rows(self, at: Conversation) -> Sequence[Change]:
        """Return the journal up to that record."""
        rows = await self._conversations.journal(at.id)
        return tuple(row for row in rows if row.version <= at.version)

    async def read(self, at: Conversation, rows: Sequence[Change] | None = None) -> Read:
        """Return everything of a record; `rows` may have been read before. Raises RevisionUnreadable."""
        rows = await self.rows(at) if rows is None else rows
        words = await self._conversations.words(at.id)
        return Read(at, rows, words, await self._flows(at, rows))

    async def _flows(self, at: Conversation, rows: Sequence[Change]) -> Mapping[str, Flow]:
        revisions = {str(row.set["revision"]) for row in rows if row.set.get("revision")} | {at.revision}
        return {revision: await self._library.flow(revision) for revision in revisions}
