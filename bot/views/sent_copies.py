"""Finds the messages that carried someone's words, so that an edit can follow them."""

from bot.ports import Outbox, Unsure
from bot.views.reader import Read
from flows.conversation import Conversation
from flows.effects import Amend, Change, Relay


async def sent_copies(outbox: Outbox, read: Read, row: Change, at: Conversation, amend: Amend) -> str:
    """Return the receipt of the messages that carried the words; '' while one waits, as it will carry the edit.

    An earlier edit of a customer's copy may have added messages; its receipt names all of them.
    """
    relays = (one for one in row.effects if isinstance(one, Relay) and one.end == amend.end)
    carried = [one.id for one in relays if one.of == amend.of][:1]
    if carried and amend.end == "customer":
        edits = (one for row in read.rows for one in row.effects if isinstance(one, Amend))
        carried += [one.id for one in edits if (one.version, one.end) == (amend.version, amend.end)]
        carried = carried[: carried.index(amend.id)] if amend.id in carried else carried
    try:
        for effect in reversed(carried):
            if receipt := await outbox.receipt(at.id, effect):
                return receipt
    except Unsure:
        return ""
    return ""
