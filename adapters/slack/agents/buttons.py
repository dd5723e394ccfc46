"""Takes the buttons that agents press and the forms they send to what decides, and shows what comes of them."""

from typing import Any

from adapters.slack.agents.access import AgentAccess
from adapters.slack.api.addresses import Place
from adapters.slack.inbound.events import Pressed, beside
from adapters.slack.render.agent_forms import Filled, agent_form
from adapters.slack.render.agent_texts import slack_phrase
from bot.ports import Contended, StoreDown
from flows.agent_forms import Form
from flows.orders import Order

Json = dict[str, Any]


class AgentButtons:
    """Hears what agents press and fill in, in a thread or in a note to them alone."""

    def __init__(self, access: AgentAccess) -> None:
        self._access = access
        self._conversations = access.conversations

    async def pressed(self, pressed: Pressed, order: Order) -> None:
        """A button of the agents'."""
        place, person = _whispers(pressed), pressed.person
        if not await self._access.is_agent(person):
            await self._access.refuse(place, person)
            return
        answer = await self._access.place.pressed(order, await self._access.who(person, pressed.key))
        if isinstance(answer, Form):
            await self._conversations.form(self._access.workspace, pressed.trigger, agent_form(answer))
        else:
            await self._access.show(answer, place, person)

    async def filled(self, filled: Filled) -> Json | None:
        """Return Slack's answer to a form: None closes it, errors keep it open, another view follows it."""
        if not await self._access.is_agent(filled.person):
            return _error(filled, slack_phrase("not_an_agent"))
        try:
            who = await self._access.who(filled.person, filled.key)
            agent = await self._access.chosen(filled.agent)
            answers = filled.answers.model_copy(update={"agent": agent})
            answer = await self._access.place.submitted(filled.order, answers, who)
        except StoreDown:
            return _error(filled, self._conversations.sorry("store_down"))
        except Contended:
            return _error(filled, self._conversations.sorry("contended"))
        if isinstance(answer, Form):
            return {"response_action": "update", "view": agent_form(answer)}
        return _error(filled, answer.text) if answer.text else None


def _whispers(pressed: Pressed) -> Place | None:
    """Where a note on it is seen: beside the head in the room, or in the thread."""
    return None if pressed.place is None else beside(pressed.place, pressed.ts)


def _error(filled: Filled, text: str) -> Json:
    return {"response_action": "errors", "errors": {filled.complains_at: text}}
