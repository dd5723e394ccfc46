"""Plays the agent at the desk, in a browser without JavaScript."""

import re
from html import unescape
from typing import Any

from tests.adapters.web.support.agent import Agent as Desk
from tests.adapters.web.support.agent import any_hidden, signed_in
from tests.adapters.web.support.site import Place, Power
from tests.stories.pairs.support.agent import Agent, Mark
from tests.stories.pairs.support.customer import Customer
from tests.stories.pairs.support.product import Product

FATES = {
    "Sending…": "",
    "Delivered": "delivered",
    "Seen": "delivered",
    "Not seen yet": "delivered",
}
"""The desk's sentences beside a reply and their marks. A reply on the page counts as delivered at once."""


class AtTheDesk(Agent):
    """A browser without JavaScript, signed in by an invitation before the first action."""

    platform = "desk"

    def __init__(self, product: Product, customer: Customer, name: str) -> None:
        super().__init__(product, customer)
        self.name = name
        self._client = product.client([])
        self._desk: Desk | None = None

    async def signs_in(self) -> Desk:
        if self._desk is None:
            place = Place(self.product.app, self.product.site, self.product.asgi, Power())
            self._desk = await signed_in(place, self._client, self.name)
        return self._desk

    async def _do(self, act: str, expected: int = 200, **fields: Any) -> None:
        await (await self.signs_in()).do(await self.customer.at(), act, expected, **fields)

    async def _page(self) -> str:
        desk = await self.signs_in()
        return (await desk.open(f"/desk/c/{self.customer.conversation}")).page

    async def lines(self) -> list[str]:
        page = await self._page()
        said = re.findall(r'<li class="said .*?</li>', page, re.DOTALL)
        return [_read(page.partition('<li class="said')[0]), *map(_read, said)]

    async def head(self) -> str:
        desk = await self.signs_in()
        pages = [(await desk.open(f"/desk?tab={tab}")).page for tab in ("open", "resolved")]
        return _read("".join(pages))

    async def told(self) -> str:
        page = (await self.signs_in()).page
        found = re.search(r'id="notice".*?</p>', page, re.DOTALL)
        return _read("<" + found[0]) if found else ""

    async def mark(self, line: Any) -> Mark:
        page = await self._page()
        found = [
            one for one in re.findall(r'<li class="said .*?</li>', page, re.DOTALL) if line in _read(one)
        ]
        assert len(found) == 1, found
        if "Internal note" in found[0]:
            return "internal"
        fate = re.search(r'<p class="fate".*?</p>', found[0], re.DOTALL)
        said = _read(fate[0]).partition(". ")[0] if fate else "Sending…"
        return "delivered" if FATES[said] else ""

    async def claim(self) -> None:
        desk = await self.signs_in()
        path = f"/desk/c/{self.customer.conversation}"
        await desk.open(path)
        answer = await desk.client.post(f"{path}/claim", data=any_hidden(desk.page), follow_redirects=True)
        assert answer.status_code in (200, 409), answer.text
        desk.page = answer.text

    async def reply(self, text: str) -> Any:
        await self._do("reply", text=text)
        return text

    async def note(self, text: str) -> Any:
        await self._do("note", text=text)
        return text

    async def release(self) -> None:
        await self._do("release")

    async def hand_back(self, step: str, done: list[str]) -> None:
        await self._do("hand-back", at=step, done=done)

    async def resolve(self, reason: str, text: str) -> None:
        await self._do("resolve", reason=reason, text=text)

    async def transfer(self, to: Agent) -> None:
        assert isinstance(to, AtTheDesk)
        await self._do("transfer", to=f"agent:{(await to.signs_in()).account.id}")

    async def transfer_to_team(self, team: str) -> None:
        await self._do("transfer", to=f"team:{team}")

    async def take_over(self) -> None:
        await self.transfer(self)


def _read(markup: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", markup))).strip()
