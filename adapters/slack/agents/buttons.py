"""Handles the buttons and forms of agents: hands them to the agents' place, and shows the reaction."""

from typing import Any

from adapters.slack.agents.access import AgentAccess
from adapters.slack.api.addresses import Place
from adapters.slack.inbound.events import Pressed, beside
from adapters.slack.render.agent_forms import Filled, agent_form
from adapters.slack.render.agent_texts import slack_phrase
from adapters.slack.render.tokens import ChooseDirectMessages
from bot.ports import Contended, StoreDown
from flows.agent_forms import Form
from flows.orders import Order

Json = dict[str, Any]


class AgentButtons:
    """Handles agents' clicks and forms, in a thread or in a note to the agent alone."""

    def __init__(self, access: AgentAccess) -> None:
        self._access = access
        self._conversations = access.conversations

    async def pressed(self, pressed: Pressed, order: Order) -> None:
        """Handle an agent's button."""
        place, person = _note_place(pressed), pressed.person
        if not await self._access.is_agent(person):
            await self._access.refuse(place, person)
            return
        answer = await self._access.place.pressed(order, await self._access.who(person, pressed.key))
        if isinstance(answer, Form):
            await self._conversations.open_form(self._access.workspace, pressed, agent_form(answer), place)
        else:
            await self._access.show(answer, place, person)

    async def chose(self, pressed: Pressed, choice: ChooseDirectMessages) -> None:
        """Turn direct messages about their tickets on or off for an agent."""
        if await self._access.is_agent(pressed.person):
            await self._access.direct.choose(pressed.person.actor, choice.wanted)

    async def filled(self, filled: Filled) -> Json | None:
        """Return Slack's response to a submitted form: None closes it, errors keep it open, a view replaces it."""
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


def _note_place(pressed: Pressed) -> Place | None:
    """Return the place of a note about the click: beside the thread's first message, or in the thread."""
    return None if pressed.place is None else beside(pressed.place, pressed.ts)


def _error(filled: Filled, text: str) -> Json:
    return {"response_action": "errors", "errors": {filled.complains_at: text}}
