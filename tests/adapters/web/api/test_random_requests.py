"""Tests that the API answers every request clearly: never a 500, and never more than one answer for a turn."""

import asyncio
from typing import Any

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.adapters.web.support.embedder import begin
from tests.adapters.web.support.site import open_place
from tests.fakes.encoder import EXAMPLES, WordEncoder

TYPES = [
    "answered",
    "said",
    "dismissed",
    "back",
    "restart",
    "escalate",
    "details",
    "withdraw",
    "later",
    "reopen",
    "joined",
    "timer",
]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
PLAUSIBLE: dict[str, st.SearchStrategy[Any]] = {
    "type": st.sampled_from(TYPES),
    "turn": st.integers(-1, 6),
    "choice": st.sampled_from(
        [
            "fixed",
            "still-failing",
            "blank",
            "dots",
            "has-a-value",
            "cant-find",
            "person",
            "reopen",
            "later",
            "",
        ]
    ),
    "text": st.sampled_from(
        ["works now", "still broken", "go back", "human please", "", "\x00", "🐈" * 50, "<b>", "yes", "no"]
        + [example.text for example in EXAMPLES]
    ),
    "reason": st.sampled_from(["", "asked", "hosted", "made up"]),
    "reach": st.text(max_size=10),
    "until": st.sampled_from(["hour", "tomorrow", "computer", "never"]),
    "key": st.sampled_from(["a", "b", "c", "", "x" * 65]),
}
BODIES = (
    st.fixed_dictionaries({}, optional={name: either | ANYTHING for name, either in PLAUSIBLE.items()})
    | ANYTHING
)
LIKELY = st.fixed_dictionaries(
    {"type": PLAUSIBLE["type"]},
    optional={name: either for name, either in PLAUSIBLE.items() if name != "type"},
)


@given(bodies=st.lists(LIKELY | LIKELY | BODIES, min_size=1, max_size=25))
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
def test_any_sequence_of_events_is_answered_and_leaves_a_state_that_can_be_shown(bodies: list[Any]) -> None:
    asyncio.run(_sent(bodies))


async def _sent(bodies: list[Any]) -> None:
    encoder = WordEncoder()
    async with open_place(encoder=encoder, events_per_minute="100000") as place, place.client() as client:
        walk = await begin(client)
        turn, version = 1, walk.state["version"]
        for body in bodies:
            answer = await client.post(
                f"{walk.path}/events", content=_dumped(body), headers=walk.bearer | JSON
            )
            assert answer.status_code in (200, 400, 409, 422), (body, answer.text)
            now = (await client.get(walk.path, headers=walk.bearer)).json()
            assert turn <= now["turn"] <= turn + 1
            assert version <= now["version"] <= version + 1
            assert answer.status_code == 200 or now["version"] == version, "what was refused changed nothing"
            turn, version = now["turn"], now["version"]


JSON = {"Content-Type": "application/json"}


def _dumped(body: Any) -> bytes:
    return httpx.Request("POST", "http://x", json=body).content if _plain(body) else repr(body).encode()


def _plain(body: Any) -> bool:
    """Return whether the body is JSON. Python writes numbers that are not numbers in its own way."""
    text = repr(body)
    return "nan" not in text and "inf" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)
