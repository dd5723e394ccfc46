"""Plays an agent with a browser without JavaScript, and customers whose conversations agents find."""

import re
from html import unescape
from typing import Any, Final

import httpx

from bot.ports import Account, Role
from flows.conversation import Address, Conversation
from flows.events import Event, Started
from tests.adapters.web.support.site import GUIDE, Place

TROUBLE: Final = "The connection is not active. It was last active today"


class Agent:
    """An agent who signed in to the desk by a link and fills in its forms."""

    def __init__(self, client: httpx.AsyncClient, account: Account) -> None:
        self.client = client
        self.account = account
        self.page = ""
        self.answer = httpx.Response(0)

    @property
    def actor(self) -> str:
        return f"desk:{self.account.id}"

    async def open(self, path: str, expected: int = 200) -> "Agent":
        return self._see(await self.client.get(path, follow_redirects=True), expected)

    async def press(self, action: str, expected: int = 200, **fields: Any) -> "Agent":
        """Submit the form with that address, including its hidden fields."""
        sent: dict[str, Any] = hidden(self.page, action) | fields
        return self._see(await self.client.post(action, data=sent, follow_redirects=True), expected)

    async def do(self, at: Conversation, act: str, expected: int = 200, /, **fields: Any) -> "Agent":
        """Open a conversation and submit one of its forms."""
        await self.open(f"/desk/c/{at.id}")
        return await self.post(at, act, expected, **fields)

    async def post(self, at: Conversation, act: str, expected: int = 200, /, **fields: Any) -> "Agent":
        """Submit a form of the page as it was opened, even one that the page does not offer."""
        sent = any_hidden(self.page) | fields
        answer = await self.client.post(f"/desk/c/{at.id}/{act}", data=sent, follow_redirects=True)
        return self._see(answer, expected)

    @property
    def text(self) -> str:
        """Return the page's text on one line."""
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", self.page)))

    def _see(self, answer: httpx.Response, expected: int) -> "Agent":
        assert answer.status_code == expected, answer.text
        self.answer, self.page = answer, answer.text
        return self


def hidden(page: str, action: str) -> dict[str, str]:
    """Return the hidden fields of the form with that address."""
    forms = re.findall(r"<form[^>]*>.*?</form>", page, re.DOTALL)
    form = next((form for form in forms if f'action="{action}"' in form), None)
    assert form is not None, f"no form for {action}"
    return {name: unescape(value) for name, value in _hidden(form)}


def any_hidden(page: str) -> dict[str, str]:
    """Return a proof and a key from anywhere on the page."""
    return {name: unescape(value) for name, value in _hidden(page) if name in ("proof", "key")}


def _hidden(text: str) -> list[tuple[str, str]]:
    return re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text)


async def signed_in(place: Place, client: httpx.AsyncClient, name: str, role: Role = "agent") -> Agent:
    """Sign an agent in by an invitation."""
    assert place.site.desk is not None
    token = await place.site.desk.sign_in.invite(role, name)
    page = (await client.get(f"/desk/in/{token}")).text
    form = hidden(page, f"/desk/in/{token}") | {"name": name}
    answer = await client.post(f"/desk/in/{token}", data=form)
    assert answer.status_code == 303, answer.text
    account = next(each for each in await place.site.desk.accounts.all() if each.name == name)
    return await Agent(client, account).open("/desk")


class Customer:
    """A customer with a problem, at a door of the web page."""

    def __init__(self, place: Place, name: str = "maria") -> None:
        self.place = place
        self.name = name
        self.keys = 0
        self.id = ""

    async def come(self, text: str = TROUBLE, flow: str = GUIDE) -> Conversation:
        start = Started(
            door=f"web/{self.name}/{flow}",
            address=str(Address(channel="web", person=self.name)),
            flow=flow,
            text=text,
            name=self.name.capitalize(),
        )
        return await self.does(start)

    async def does(self, event: Event) -> Conversation:
        """Send an event of the customer, which must not be refused."""
        self.keys += 1
        at = await self.at() if self.id else None
        given: dict[str, Any] = {"actor": f"web:{self.name}", "key": f"k{self.keys}", "conversation": self.id}
        if at is not None and "turn" in type(event).model_fields:
            given["turn"] = at.turn
        outcome = await self.place.app.receive(event.model_copy(update=given))
        assert outcome is not None
        assert outcome.refusal is None, outcome.refusal
        self.id = outcome.conversation.id
        return outcome.conversation

    async def at(self) -> Conversation:
        found = await self.place.app.store.conversations.load(self.id)
        assert found is not None
        return found

    async def reads(self) -> str:
        """Return everything that the customer's screen, the API and a relay could show, as text."""
        screen = await self.place.app.look(self.id)
        assert screen is not None
        return screen.model_dump_json()
