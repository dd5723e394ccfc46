"""Plays a product that embeds the API: starts a conversation, walks it, reads problem documents."""

from typing import Any, Final

import httpx

from tests.adapters.web.support.site import GUIDE

KEY: Final = "a-key-of-22-characters"
MESSAGE: Final = "Your QuickBooks Desktop connection is not active. It was last active 3 days ago."
STATE: Final = frozenset(
    {"id", "version", "turn", "status", "prompt", "suggestion", "messages", "ticket", "goes_on", "notice"}
)


class Walk:
    """Walks one conversation through the API."""

    def __init__(self, client: httpx.AsyncClient, given: dict[str, Any]) -> None:
        self.client = client
        self.state = given
        self.bearer = {"Authorization": f"Bearer {given['token']}"}
        self.path = f"/api/conversations/{given['id']}"

    async def send(self, kind: str, **fields: Any) -> httpx.Response:
        answer = await self.client.post(
            f"{self.path}/events", json={"type": kind, **fields}, headers=self.bearer
        )
        if answer.status_code == 200:
            self.state = answer.json()
        return answer

    async def answer(self, choice: str, **fields: Any) -> httpx.Response:
        return await self.send("answered", turn=self.state["turn"], choice=choice, **fields)


async def begin(client: httpx.AsyncClient, **body: str) -> Walk:
    answer = await client.post("/api/conversations", json=body or {"flow": GUIDE})
    assert answer.status_code == 201, answer.text
    return Walk(client, answer.json())


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["status"] == status
    assert told["code"] == code
    assert told["title"]
    assert told["detail"]
    return told
