"""Tests which orders every agents' place offers and when, how it refuses one, and what the forms ask."""

from collections.abc import Awaitable, Callable

import pytest

from flows.agent_forms import FORMS
from flows.conversation import Status
from flows.events import TimerRang
from flows.orders import AT_HAND, MORE, VERBS, Verb
from flows.text.agent_phrases import phrase
from flows.text.phrases import PHRASES
from tests.contracts.support.agents_place import Drawn, decided, label
from tests.contracts.support.agents_places import Place

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def waiting(place: Place) -> None:
    await place.customer.asks_for_a_person()


async def mine(place: Place) -> None:
    await waiting(place)
    await place.max.gives("claim")


async def held(place: Place) -> None:
    await waiting(place)
    await place.kim.gives("claim")


async def snoozed(place: Place) -> None:
    await mine(place)
    await place.max.gives("snooze", until="hour")


async def let(place: Place) -> None:
    await mine(place)
    await place.max.gives("allow")


async def guiding(place: Place) -> None:
    await mine(place)
    await place.max.gives("back", step="switch")


async def resolved(place: Place) -> None:
    await mine(place)
    await place.max.gives("resolve")


async def closed(place: Place) -> None:
    await resolved(place)
    at = await place.customer.at()
    rang = TimerRang(
        conversation=at.id, kind="close", turn=at.turn, status=at.status, actor="timer", key="close"
    )
    async with place.customer.happens():
        await place.product.app.receive(rang)
    await place.customer.is_at(Status.CLOSED)


Reach = Callable[[Place], Awaitable[None]]

OFFERED: dict[Reach, tuple[Verb, ...]] = {
    waiting: ("reply", "claim", "resolve", "transfer", "snooze", "show", "forward"),
    mine: (
        "reply",
        "back",
        "resolve",
        "transfer",
        "snooze",
        "release",
        "allow",
        "show",
        "guide",
        "forward",
    ),
    held: ("take", "transfer", "forward"),
    snoozed: (
        "reply",
        "back",
        "resolve",
        "transfer",
        "wake",
        "release",
        "allow",
        "show",
        "guide",
        "forward",
    ),
    let: ("reply", "back", "resolve", "transfer", "snooze", "release", "show", "guide", "forward"),
    guiding: ("reply", "claim", "resolve", "show"),
    resolved: ("reply", "claim"),
    closed: (),
}
"""The orders that Max can give in each state. What is redrawn with each change offers exactly these."""

REFUSED: dict[Reach, tuple[str, tuple[Verb, ...], tuple[Verb, ...]]] = {
    waiting: ("refused_unclaimed", ("claim",), ("release", "back", "allow", "guide")),
    held: (
        "refused_held",
        ("take",),
        ("claim", "reply", "back", "resolve", "snooze", "release", "allow", "show", "guide"),
    ),
    mine: ("refused_not_now", (), ("wake",)),
    guiding: ("refused_unclaimed", ("claim",), ("release", "back", "allow", "guide", "snooze")),
    resolved: (
        "refused_resolved",
        ("claim",),
        ("release", "back", "allow", "guide", "resolve", "snooze", "show"),
    ),
    closed: (
        "refused_closed",
        (),
        ("claim", "reply", "release", "back", "allow", "guide", "resolve", "snooze", "show"),
    ),
}
"""The refusal in each state: the sentence's id, the orders offered instead, and the refused orders."""


async def test_every_order_is_offered_somewhere_or_follows_another() -> None:
    everywhere = {verb for verbs in OFFERED.values() for verb in verbs}
    assert everywhere | {"send"} == VERBS


@pytest.mark.parametrize("reach", OFFERED, ids=lambda reach: reach.__name__)
async def test_what_is_offered_what_is_refused_and_what_to_do_instead(place: Place, reach: Reach) -> None:
    await reach(place)
    await place.max.may(*screen(place, reach))
    sentence, instead, verbs = REFUSED.get(reach, ("gone", (), ()))
    for verb in verbs:
        await place.max.is_refused(verb, phrase(sentence, who=place.kim.name))
        if verb not in FORMS:
            assert await place.max.instead() == [label(each) for each in instead], verb
    if instead:
        await place.max.does("release")
        async with place.customer.happens():
            await place.max.press_instead()
        await place.customer.is_at(Status.WITH_AGENT, held_by=place.max.name)


def screen(place: Place, reach: Reach) -> list[str]:
    """The labels in their order. A message in a thread stays as it was written, so it has all orders there are; the
    line above the thread follows the ticket, as the desk does.
    """
    if place.max.platform == "desk":
        return [label(verb) for verb in OFFERED[reach]]
    above: dict[Reach, tuple[Verb, ...]] = {waiting: ("claim",), snoozed: ("wake",)}
    return [label(verb) for verb in (*AT_HAND, *MORE, *above.get(reach, ()))]


async def test_whatever_the_state_the_order_of_the_orders_is_the_same() -> None:
    places = (*AT_HAND, *MORE)
    stand_ins: dict[Verb, Verb] = {"take": "claim", "wake": "snooze"}
    for verbs in OFFERED.values():
        found = [places.index(stand_ins.get(verb, verb)) for verb in verbs]
        assert found == sorted(found)


def reply_box(asked: Drawn) -> Drawn:
    """Return the questions without labels, because the section names the box and saved replies are a list below."""
    return [("", options) for _, options in asked]


def guide_menu(asked: Drawn) -> Drawn:
    """Return the steps of all guides, which one menu has in groups."""
    return [(guide, []) for _, options in asked for guide in options]


async def test_every_form_asks_the_same_everywhere(place: Place) -> None:
    await mine(place)
    for verb in sorted(FORMS):
        drawn, known = await place.max.asked(verb), await decided(place.product, place.max, verb)
        if place.max.platform == "desk":
            # The box for a reply is always open there, and one menu asks for a guide and its step.
            known = {"reply": reply_box, "guide": guide_menu}.get(verb, list)(known)
        if place.max.platform == "discord" and verb == "reply":
            # Without Message Content, this form is the only way to send a file; elsewhere one goes beside the words.
            known = [*known, (PHRASES["files"], [])]
        assert [asks for asks, _ in drawn] == [asks for asks, _ in known], verb
        for (asks, options), (_, decided_on) in zip(drawn, known, strict=True):
            assert options == decided_on or not decided_on, (verb, asks)


async def test_a_stranger_is_refused_whatever_they_press(place: Place) -> None:
    await waiting(place)
    before = await place.customer.at()
    for verb in (*AT_HAND, *MORE):
        await place.ben.is_turned_away(verb)
    assert await place.customer.at() == before
