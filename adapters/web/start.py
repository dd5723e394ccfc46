"""How a conversation begins, for the page and the API alike."""

from adapters.web.failures import no_conversation
from adapters.web.site import Site
from bot.ports import Outcome
from flows.events import Said, Started


async def begin(site: Site, event: Started) -> Outcome:
    """Start, or go on where one is open at that door already; then what was written is said in it.

    The outcome's refusal is that of the start: there is no such flow.
    """
    outcome = await site.receive(event)
    if outcome is None:
        raise no_conversation()
    known = not (outcome.created or outcome.repeated or outcome.refusal)
    if known and event.text and not event.flow:
        at = outcome.conversation
        said = Said(
            conversation=at.id, actor=event.actor, key=f"{event.key}.said", text=event.text, turn=at.turn
        )
        return await site.receive(said) or outcome
    return outcome
