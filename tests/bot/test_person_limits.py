"""Tests what one person may start in an hour, and what they read beyond that."""

import pytest

from bot.person_limits import MOST, HourlyLimits
from bot.ports import Costly, TooMany
from tests.fakes.world import store_in_memory


@pytest.mark.parametrize(
    ("what", "answer"),
    [
        ("guide", "You've started many guides in the last hour. You can start another one in 1 h."),
        ("thread", "You've opened many threads in the last hour. You can open another one in 1 h."),
        ("pulled", "You've asked me to help many people in the last hour. You can ask again in 1 h."),
    ],
)
async def test_one_act_too_many_is_answered_with_when_it_is_possible_again(what: Costly, answer: str) -> None:
    store = store_in_memory()
    limits = HourlyLimits(store.allowances)
    for number in range(MOST[what]):
        await limits.check("slack:T1:ana", what, f"k{number}")
    await limits.check("slack:T1:ana", what, "k0")
    await limits.check("slack:T1:ben", what, "k")
    with pytest.raises(TooMany, match=answer.replace(".", r"\.")):
        await limits.check("slack:T1:ana", what, "one more")
    await store.close()


@pytest.mark.parametrize(
    ("seconds", "wait"),
    [
        (0.001, "1 s"),
        (59.5, "1 min"),
        (60.0, "1 min"),
        (60.001, "2 min"),
        (2399.2, "40 min"),
        (3599.0, "1 h"),
    ],
)
async def test_who_comes_back_when_the_answer_says_is_not_refused_again(seconds: float, wait: str) -> None:
    class Full:
        async def wait_for(self, who: str, key: str, most: int, seconds_of_window: int) -> float:
            return seconds

    with pytest.raises(TooMany, match=rf"in {wait}\."):
        await HourlyLimits(Full()).check("slack:T1:ana", "guide", "k")
