"""Starts a conversation for the page and for the API."""

from adapters.web.failures import no_conversation
from adapters.web.site import Site
from bot.ports import Outcome
from flows.events import Said, Started


async def begin(site: Site, event: Started) -> Outcome:
    """Start a conversation, or continue the one that is open at that door and send the customer's text there.

    The outcome's refusal is the start's: the flow does not exist.
    """
    outcome = await site.receive(event)
    if outcome is None:
        raise no_conversation()
    already_open = not (outcome.created or outcome.repeated or outcome.refusal)
    if already_open and event.text and not event.flow:
        at = outcome.conversation
        message = Said(
            conversation=at.id, actor=event.actor, key=f"{event.key}.said", text=event.text, turn=at.turn
        )
        return await site.receive(message) or outcome
    return outcome
