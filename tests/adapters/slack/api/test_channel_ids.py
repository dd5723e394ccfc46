"""Tests that a channel keeps its first id in all records, however often Slack gives it another one."""

from adapters.slack.api.channel_ids import FRESH_S, ChannelIds
from adapters.slack.api.client import SlackClient, session
from tests.fakes.slack import Slack, lifetimes
from tests.fakes.world import store_in_memory


class Clock:
    """Seconds, moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_a_channel_that_changes_twice_is_recorded_under_its_first_id() -> None:
    ids = ChannelIds()
    ids.attach(store_in_memory().bookmarks)
    await ids.change("C1", "C2")
    await ids.change("C2", "C3")
    assert (ids.today("C1"), ids.first("C3"), ids.today("C9")) == ("C3", "C1", "C9")
    assert ids.outgoing({"channel": "C1", "text": "C1"}) == {"channel": "C3", "text": "C1"}
    link = "https://acme.slack.com/archives/C1/p17?thread_ts=1.7&cid=C1"
    shown = ids.outgoing({"channel": "C9", "blocks": [{"text": f"<{link}|here>"}]})
    assert shown["blocks"][0]["text"] == f"<{link.replace('C1', 'C3')}|here>"
    assert ids.firsts(["C1", "C3", "C9"]) == {"C1", "C9"}
    heard = {"event": {"channel": "C3", "items": [{"channel_id": "C3"}], "shares": {"C3": []}}}
    kept = {"event": {"channel": "C1", "items": [{"channel_id": "C1"}], "shares": {"C1": []}}}
    assert ids.incoming(heard) == kept


async def test_the_same_change_told_twice_changes_nothing() -> None:
    ids = ChannelIds()
    event = {"type": "channel_id_changed", "old_channel_id": "C1", "new_channel_id": "C2"}
    for _time in range(2):
        told = ids.incoming({"event": event})["event"]
        await ids.change(told["old_channel_id"], told["new_channel_id"])
    assert (ids.today("C1"), ids.first("C2")) == ("C2", "C1")


async def test_another_process_learns_of_a_change_within_seconds() -> None:
    store, clock = store_in_memory(), Clock()
    here, there = ChannelIds(), ChannelIds(clock)
    for ids in (here, there):
        ids.attach(store.bookmarks)
    await there.refresh()
    await here.change("C1", "C2")
    await there.refresh()
    assert there.today("C1") == "C1"
    clock.now += FRESH_S
    await there.refresh()
    assert there.today("C1") == "C2"


async def test_a_worker_that_did_not_hear_of_the_change_still_posts_in_the_channel() -> None:
    store = store_in_memory()
    async with Slack.running() as slack:
        slack.channel("C1", "help")
        lifetimes.renumber(slack, "C1", "C2")
        listener, opened = ChannelIds(), session()
        worker = SlackClient(opened, lambda _team: slack.token, slack.api)
        worker.channel_ids.attach(store.bookmarks)
        listener.attach(store.bookmarks)
        await worker.channel_ids.refresh()
        await listener.change("C1", "C2")
        answer = await worker.ask("T1", "chat.postMessage", channel="C1", text="Hello")
        await opened.close()
        assert answer["channel"] == "C1"
        assert [one["text"] for one in slack.by_the_app("C2")] == ["Hello"]
