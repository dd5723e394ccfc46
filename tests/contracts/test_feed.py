"""Tests the port Feed: open screens get news of commits, over one connection for all."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from redis.exceptions import ResponseError

from adapters.storage.feed import RedisFeed
from adapters.storage.keys import conversation_id
from adapters.storage.store import Store
from flows.conversation import Conversation
from tests.contracts.support.commits import begun, follow, record
from tests.fakes.wait import until


async def nearest(news: AsyncIterator[int]) -> int:
    async with asyncio.timeout(30):
        return await anext(news)


async def moved(store: Store, at: Conversation, times: int = 1) -> Conversation:
    for _ in range(times):
        at = (await record(store, follow(at, f"k{at.version}"))).conversation
    return at


async def test_a_screen_hears_where_things_stand_and_then_of_every_commit(store: Store, other: Store) -> None:
    at = await begun(store)
    news = store.feed.follow(at.id)
    assert await nearest(news) == 1
    for _ in range(5):
        at = await moved(other, at)
        assert await nearest(news) == at.version


async def test_a_slow_screen_may_skip_and_never_goes_back(store: Store, other: Store) -> None:
    at = await begun(store)
    news = store.feed.follow(at.id)
    heard = [await nearest(news)]
    at = await moved(other, at, 20)
    while heard[-1] < at.version:
        heard.append(await nearest(news))
    assert heard == sorted(set(heard))


async def test_many_screens_share_one_connection(store: Store, other: Store) -> None:
    begins = [await begun(store, door=f"slack/{n}") for n in range(40)]
    screens = [(at, store.feed.follow(at.id)) for at in begins for _ in range(3)]
    assert [await nearest(news) for _, news in screens] == [1] * 120
    await asyncio.gather(*(moved(other, at) for at in begins))
    assert [await nearest(news) for _, news in screens] == [2] * 120
    assert isinstance(store.feed, RedisFeed)
    listeners = [task for task in asyncio.all_tasks() if task.get_name() == "feed"]
    assert len(listeners) == 1


async def test_one_conversations_news_is_not_anothers(store: Store) -> None:
    ana, ben = await begun(store), await begun(store, contact="slack:ben", key="t")
    assert ana.id[:2] == ben.id[:2]
    news = store.feed.follow(ana.id)
    assert await nearest(news) == 1
    await moved(store, ben, 3)
    ana = await moved(store, ana)
    assert await nearest(news) == 2


async def test_news_that_were_lost_are_found_by_the_net(store: Store) -> None:
    feed = RedisFeed(store.wire, net=0.01)
    at = await begun(store)
    news = feed.follow(at.id)
    assert await nearest(news) == 1
    key = store.wire.keys.shard(at.id).records + at.id
    await store.wire.ask("HSET", key, "v", 7)
    assert await nearest(news) == 7
    await feed.close()


async def test_an_unknown_conversation_has_no_news(store: Store) -> None:
    for unknown in (conversation_id("no", "where"), "", "nonsense", "{}*"):
        assert [version async for version in store.feed.follow(unknown)] == []


async def test_closing_ends_every_screen(store: Store) -> None:
    at = await begun(store)
    heard: list[list[int]] = []

    async def watch() -> None:
        heard.append([version async for version in store.feed.follow(at.id)])

    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        for _ in range(5):
            group.create_task(watch())
        await asyncio.sleep(0)
        await until(lambda: listening(store))
        await store.feed.close()
    assert heard == [[1]] * 5
    assert [version async for version in store.feed.follow(at.id)] == []


async def listening(store: Store) -> bool:
    """Return whether five screens have got a version."""
    assert isinstance(store.feed, RedisFeed)
    return sum(len(followers) for followers in store.feed._followers.values()) == 5 and all(
        follower.newest and not follower.bell.is_set()
        for followers in store.feed._followers.values()
        for follower in followers
    )


async def test_a_screen_that_is_left_is_forgotten(store: Store) -> None:
    at = await begun(store)
    news = store.feed.follow(at.id)
    await nearest(news)
    await news.aclose()  # type: ignore[attr-defined] # it is a generator
    assert isinstance(store.feed, RedisFeed)
    assert store.feed._followers == {}


async def test_a_lost_connection_is_made_anew(store: Store, other: Store) -> None:
    at = await begun(store)
    news = store.feed.follow(at.id)
    assert await nearest(news) == 1
    at = await moved(other, at)
    assert await nearest(news) == 2
    for node in getattr(store.wire.client, "get_primaries", lambda: [None])():
        with suppress(ResponseError):  # fakeredis knows no CLIENT KILL, and loses no connections
            where = {"target_nodes": node} if node else {}
            await store.wire.client.execute_command("CLIENT KILL", "TYPE", "pubsub", **where)
    for _ in range(3):
        at = await moved(other, at)
        assert await nearest(news) == at.version
