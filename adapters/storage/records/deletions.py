"""Deletes the stored files of a message together with the message."""

from collections.abc import Awaitable, Callable, Sequence

from pydantic import ValidationError

from adapters.storage.records.conversation_reader import FILES
from adapters.storage.records.conversations import RedisConversations
from adapters.storage.wire import Wire
from bot.ports import Commit, Committed
from flows.events import File


class ConversationsWithFiles(RedisConversations):
    """Implements the port Conversations. What deletes a message's words deletes the files that came with them."""

    def __init__(self, wire: Wire, drop: Callable[[Sequence[File]], Awaitable[None]]) -> None:
        """`drop` deletes stored files."""
        super().__init__(wire)
        self._drop = drop

    async def commit(self, commit: Commit) -> Committed:
        """Record a change, then delete the files whose message it deletes."""
        files = await self._files(commit) if commit.amends and not (commit.words or commit.beside) else ()
        done = await super().commit(commit)
        if files and done.outcome == "committed":
            await self._drop(files)
        return done

    async def _files(self, commit: Commit) -> tuple[File, ...]:
        """Return the files of the message that the change deletes; none if their list is damaged."""
        words = self._wire.keys.shard(commit.before.id).words + commit.before.id
        text = await self._wire.ask("HGET", words, f"{commit.amends}f")
        try:
            return FILES.validate_json(text) if text else ()
        except ValidationError:
            return ()
