"""Reads what Slack's history says about a message: whether someone answered it, and its author's words. Pure."""

from collections.abc import Sequence
from typing import Final

from adapters.slack.api.payload import Json, text, thing, things
from adapters.slack.inbound import shares
from adapters.slack.inbound.events import microseconds
from adapters.slack.inbound.mrkdwn import NO_NAMES, Names
from adapters.slack.inbound.parse import HEARD, shared
from flows.events import SHARED_AT_ONCE, File
from flows.text.markup.typed_words import TypedWords, lines, typed

SAME_QUESTION_S: Final = 600
"""Seconds after a message in which its author's next messages belong to the same question."""


def waits(thread: Sequence[Json], author: str) -> bool:
    """Return whether a message still waits: it has words or files, and no one else has replied or reacted.

    `thread` is the message and its replies, `author` the id of the user who wrote the message.
    """
    root = thing(next(iter(thread), None))
    if text(root.get("user")) != author or text(root.get("subtype")) not in HEARD:
        return False
    reacted = (user for reaction in things(root.get("reactions")) for user in _listed(reaction.get("users")))
    answered = any(text(reply.get("user")) != author for reply in things(thread[1:]))
    says = bool(text(root.get("text")).strip() or shares.files(root))
    return says and not answered and not any(user != author for user in reacted)


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def asked(
    messages: Sequence[Json], author: str, ts: str, workspace: str, names: Names = NO_NAMES
) -> tuple[TypedWords, tuple[File, ...]]:
    """Return the words and files of the author's question, which may be several messages from `ts` on.

    `names` are those of mentioned people, channels and groups, by their ids.
    """
    first = microseconds(ts)
    theirs = {
        text(one.get("ts")): one
        for one in things(messages)
        if text(one.get("user")) == author
        and text(one.get("subtype")) in HEARD
        and 0 <= microseconds(text(one.get("ts"))) - first <= SAME_QUESTION_S * 1_000_000
    }
    ordered = [theirs[ts] for ts in sorted(theirs)]
    words = [said for one in ordered if (said := shares.words(one, names=names)).text]
    files = [file for one in ordered for file in shared(shares.files(one), workspace)]
    tree = [part for said in words for part in said.styled or lines(said.text)]
    return typed(tuple(tree)), tuple(files[:SHARED_AT_ONCE])
