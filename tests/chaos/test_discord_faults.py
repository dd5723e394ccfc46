"""Tests that despite any fault of Discord, each click counts once and each step arrives once."""

from collections.abc import AsyncIterator, Callable

import fakeredis
import pytest

from adapters.storage.store import Store
from bot.wiring.product import App
from flows.conversation import Conversation, Status
from tests.chaos.support.discord import TURNS, live, product, shown, thread_of, titles
from tests.fakes.discord import Channel, Discord, Message, Person, identify_pause
from tests.fakes.discord.client_address import stand_in
from tests.fakes.discord.interactions import Interaction
from tests.fakes.wait import until
from tests.fakes.world import store_in_memory

__all__ = ["stand_in"]

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(90)]

STEPS = ("Plug it in", "Look at the bulb", "Press the switch")
POST = "/channels/*/messages"
ANSWER = "/interactions/*/*/callback"


class Scene:
    """Ana, who runs `/fix` in the channel `help` and gets help in a thread."""

    def __init__(self, discord: Discord, server: fakeredis.FakeServer) -> None:
        self.discord, self.server = discord, server
        self.guild = discord.guild("Workshop")
        self.room = self.guild.text("help")
        self.ana: Person = self.guild.member("Ana")
        self.thread: Channel

    def store(self) -> Store:
        return store_in_memory(self.server)

    async def begin(self) -> Message:
        await self.ana.runs("fix", self.room, problem="lamp")
        self.thread = await thread_of(self.discord, self.room)
        return await self.step(0)

    async def step(self, number: int, seconds: float = 30) -> Message:
        return await shown(self.discord, self.thread, STEPS[number], seconds)

    async def press(self, number: int, **given: bool) -> Interaction:
        return await self.ana.presses(await self.step(number), TURNS[number], **given)

    async def of_ana(self, store: Store) -> Conversation:
        (found,) = await store.places.of(f"discord:{self.ana.id}", 5)
        at = await store.conversations.load(found)
        assert at is not None
        return at


@pytest.fixture
def scene(stand_in: Discord) -> Scene:
    return Scene(stand_in, fakeredis.FakeServer(version=(7,)))


@pytest.fixture
async def app(scene: Scene) -> AsyncIterator[App]:
    store = scene.store()
    async with product(scene.discord, store) as made:
        yield made
    await store.close()


def counted(discord: Discord) -> None:
    """Check that every interaction was answered once, and that Discord refused the other answers."""
    for one in discord.interactions():
        assert len(one.answers) <= 1
        assert set(one.refused) <= {40060}, one.refused


# ---------------------------------------------------------------- the gateway


@pytest.mark.parametrize(
    "breaks",
    [
        lambda gateway: gateway.drop(),
        lambda gateway: gateway.reconnect(),
        lambda gateway: gateway.invalidate(resumable=True),
        lambda gateway: gateway.close(4000),
        lambda gateway: gateway.close(1001),
    ],
    ids=["the wire is cut", "asked to come back", "called invalid, to resume", "closed", "going away"],
)
async def test_a_walk_goes_on_over_a_gateway_that_breaks(
    scene: Scene, app: App, breaks: Callable[[object], None]
) -> None:
    await scene.begin()
    for number in range(3):
        breaks(scene.discord.gateway)
        await scene.press(number, waits=False)
    await until_waiting(scene, app.store)
    assert titles(scene.discord, scene.thread)[-1] != STEPS[0]
    assert len(scene.discord.gateway.identified) <= 4


async def test_a_session_that_is_invalid_is_followed_by_another(scene: Scene, app: App) -> None:
    await scene.begin()
    await identify_pause.passed(scene.discord, app.store)
    scene.discord.gateway.invalidate()
    await scene.discord.until(lambda: len(scene.discord.gateway.identified) == 2)
    await scene.press(0)
    await scene.step(1)


async def test_an_interaction_that_is_told_again_counts_once(scene: Scene, app: App) -> None:
    await scene.begin()
    for number in range(2):
        clicked = await scene.press(number)
        scene.discord.repeats(clicked)
        scene.discord.repeats(clicked)
        await scene.step(number + 1)
    at = await scene.of_ana(app.store)
    assert (at.step, at.turn) == ("switch", 3)
    counted(scene.discord)


# ---------------------------------------------------------------- two replicas


async def test_two_replicas_that_both_hear_everything_answer_once_each(scene: Scene) -> None:
    one, two = scene.store(), scene.store()
    async with product(scene.discord, one), product(scene.discord, two):
        await scene.begin()
        for number in range(3):
            await scene.press(number)
        await until_waiting(scene, one)
    assert len(scene.discord.threads(scene.room)) == 1
    counted(scene.discord)
    assert all(len(each.answers) == 1 for each in scene.discord.interactions())
    await one.close()
    await two.close()


async def test_two_replicas_start_one_conversation_for_one_message(scene: Scene) -> None:
    one, two = scene.store(), scene.store()
    async with product(scene.discord, one) as app, product(scene.discord, two):
        await scene.ana.dms("the lamp is dark since May")
        await shown(scene.discord, scene.ana, STEPS[0])
        await until(lambda: nothing_waits(app))
        await scene.ana.dms("still failing")
        await shown(scene.discord, scene.ana, STEPS[1])
        assert len(await one.places.of(f"discord:{scene.ana.id}", 9)) == 1
        assert (await scene.of_ana(two)).turn == 2
    await one.close()
    await two.close()


async def test_a_rolling_deploy_loses_and_doubles_nothing(scene: Scene) -> None:
    one, two, three = scene.store(), scene.store(), scene.store()
    async with product(scene.discord, one):
        await scene.begin()
        async with product(scene.discord, two):
            await scene.press(0)
            await scene.step(1)
        await scene.press(1)
        await scene.step(2)
    async with product(scene.discord, three):
        await scene.press(2)
        await until_waiting(scene, three)
    counted(scene.discord)
    for store in (one, two, three):
        await store.close()


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize("scope", ["user", "shared", "global", "cloudflare"])
async def test_a_step_that_is_limited_arrives_once(
    scene: Scene, app: App, scope: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Cloudflare does not say in a form that is read how long it wants to be left alone.
    monkeypatch.setattr("adapters.discord.api.client.MAX_RATE_LIMIT_S", 0.2)
    fault = scene.discord.faults
    fault.limit("POST", POST, seconds=0.05, scope=scope)  # type: ignore[arg-type]  # one of the four
    await scene.ana.runs("fix", scene.room, problem="lamp")
    scene.thread = await thread_of(scene.discord, scene.room, 40)
    await scene.step(0, 40)
    assert len(live(scene.discord, scene.thread)) == 1
    await scene.press(0)
    await scene.step(1)
    assert await app.store.backlog.buried() == ()


@pytest.mark.parametrize("code", [500, 502, 503])
async def test_a_step_that_discord_fails_to_take_arrives_once(scene: Scene, app: App, code: int) -> None:
    scene.discord.faults.refuse("POST", POST, code, times=2)
    await scene.ana.runs("fix", scene.room, problem="lamp")
    scene.thread = await thread_of(scene.discord, scene.room, 40)
    await scene.step(0, 40)
    assert titles(scene.discord, scene.thread).count(STEPS[0]) == 1


async def test_a_step_whose_receipt_is_lost_is_there_once(scene: Scene, app: App) -> None:
    scene.discord.faults.lose("POST", POST, times=2)
    await scene.ana.runs("fix", scene.room, problem="lamp")
    scene.thread = await thread_of(scene.discord, scene.room, 40)
    await scene.step(0, 40)
    await until(lambda: nothing_waits(app), 40)
    assert titles(scene.discord, scene.thread).count(STEPS[0]) == 1


@pytest.mark.parametrize("code", [10062, 40060, 10008, 50027, 500])
async def test_an_answer_that_is_refused_leaves_the_step_to_be_shown_otherwise(
    scene: Scene, app: App, code: int
) -> None:
    await scene.begin()
    scene.discord.faults.refuse("POST", ANSWER, code)
    await scene.press(0, waits=False)
    await scene.step(1, 30)
    await scene.press(1)
    await scene.step(2)


async def test_an_answer_that_takes_longer_than_discord_waits_still_counts(scene: Scene, app: App) -> None:
    await scene.begin()
    scene.discord.faults.slow("POST", ANSWER, 3.2)
    await scene.press(0, waits=False)
    await scene.step(1, 30)
    at = await scene.of_ana(app.store)
    assert (at.step, at.turn) == ("bulb", 2)


# ---------------------------------------------------------------- the store


async def test_the_store_is_gone_for_a_while(scene: Scene, app: App) -> None:
    await scene.begin()
    await scene.ana.dms("the lamp is dark since May")
    await shown(scene.discord, scene.ana, STEPS[0])
    await until(lambda: nothing_waits(app))
    scene.server.connected = False
    pressed = await scene.press(0)
    assert "help@lamps.example" in str([one.text for one in scene.discord.shown_to(scene.ana)]) + pressed.text
    await scene.ana.dms("still failing")
    await scene.press(0)  # told after the message on the same line, so the message has been told by then
    scene.server.connected = True
    await shown(scene.discord, scene.ana, STEPS[1])
    await scene.press(0)
    await scene.step(1)


async def nothing_waits(app: App) -> bool:
    await app.outbox.idle()
    return not await app.store.backlog.waiting()


async def until_waiting(scene: Scene, store: Store) -> None:
    """Wait until the walk has reached a person."""

    async def there() -> bool:
        return (await scene.of_ana(store)).status is Status.WAITING

    await until(there)
