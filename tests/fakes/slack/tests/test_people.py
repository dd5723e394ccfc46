"""Tests what a Bolt app gets when people in the stand-in act, in Slack's shapes, and what it can read back."""

from collections.abc import AsyncIterator

import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.adapters.slack.support.bolt_app import CHOICES, Heard, client, connected
from tests.fakes.slack import Person, Slack, labels


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack.running() as slack:
        slack.channel("C1", "help")
        slack.channel("C9", "shared-with-them", shared=True)
        yield slack


@pytest.fixture
async def bot(slack: Slack) -> AsyncIterator[Heard]:
    heard = Heard(slack)
    async with connected(heard):
        yield heard


@pytest.fixture
def ana(slack: Slack) -> Person:
    return slack.person("U1", name="Ana Ruiz", locale="de-DE", tz="Europe/Berlin")


async def test_writing_editing_and_deleting_are_three_messages(slack: Slack, bot: Heard, ana: Person) -> None:
    root = await ana.writes(ana.dm, "it is dark")
    ts = await ana.writes(ana.dm, "very", thread=root)
    await ana.edits(ts, "very dark")
    await ana.deletes(ts)
    await slack.settled()
    said = bot.events("message")
    assert [one["text"] for one in said] == ["it is dark", "very"]
    assert {one["channel_type"] for one in said} == {"im"}
    assert said[1]["thread_ts"] == root
    (changed,) = bot.events("message", "message_changed")
    assert (changed["message"]["text"], changed["previous_message"]["text"]) == ("very dark", "very")
    assert changed["message"]["edited"]["user"] == "U1"
    (gone,) = bot.events("message", "message_deleted")
    assert (gone["deleted_ts"], gone["previous_message"]["user"]) == (ts, "U1")
    assert slack.message(root)["reply_count"] == 0


async def test_a_thread_lives_on_when_its_first_message_is_deleted(slack: Slack, ana: Person) -> None:
    root = await ana.writes("C1", "dark")
    await ana.writes("C1", "anybody?", thread=root)
    await ana.deletes(root)
    posted = await client(slack).chat_postMessage(channel="C1", thread_ts=root, text="yes")
    assert posted["ok"]
    assert [one.get("subtype") for one in slack.thread("C1", root)] == ["tombstone", None, None]


async def test_history_shows_who_reacted_and_replied(slack: Slack, ana: Person) -> None:
    ben = slack.person("U2", name="Ben")
    root = await ana.writes("C1", "dark")
    await ben.writes("C1", "same here", thread=root)
    for who in (ana, ben, ben):
        who.reacts(root, "eyes")
    told = await client(slack).conversations_replies(channel="C1", ts=root)
    first, reply = told["messages"]
    assert first["reactions"] == [{"name": "eyes", "users": ["U1", "U2"], "count": 2}]
    assert reply["user"] == "U2"


async def test_a_screenshot_comes_with_the_message_and_of_a_stranger_only_its_id(
    slack: Slack, bot: Heard, ana: Person
) -> None:
    bea = slack.person("U2", team="T2", name="Bea")
    await ana.writes("C1", "look", files=[("screen.png", b"pixels")])
    await bea.writes("C9", "look", files=[("error.pdf", b"pages", "application/pdf")])
    await slack.settled()
    ours, theirs = bot.events("message", "file_share")
    if ours["channel"] == "C9":
        ours, theirs = theirs, ours
    assert (ours["files"][0]["name"], ours["files"][0]["size"]) == ("screen.png", 6)
    assert theirs["files"][0]["file_access"] == "check_file_info"
    told = await client(slack).files_info(file=theirs["files"][0]["id"])
    assert told["file"]["mimetype"] == "application/pdf"


async def test_somebody_of_another_company_is_told_apart(slack: Slack, bot: Heard) -> None:
    bea = slack.person("U2", team="T2", name="Bea")
    await bea.mentions("C9", "our lamp is dark")
    await slack.settled()
    body = next(one for one in bot.bodies if one["event"]["type"] == "app_mention")
    assert body["is_ext_shared_channel"]
    assert (body["team_id"], body["authorizations"][0]["team_id"]) == ("T1", "T1")
    assert (body["event"]["user_team"], body["event"]["source_team"]) == ("T2", "T2")
    told = await client(slack).users_info(user="U2", include_locale=True)
    assert (told["user"]["is_stranger"], told["user"]["team_id"]) == (True, "T2")


async def test_where_and_when_a_person_lives_can_be_read(slack: Slack, ana: Person) -> None:
    told = (await client(slack).users_info(user="U1", include_locale=True))["user"]
    assert (told["locale"], told["tz"], told["real_name"]) == ("de-DE", "Europe/Berlin", "Ana Ruiz")
    assert "locale" not in (await client(slack).users_info(user="U1"))["user"]
    assert (await client(slack).conversations_open(users="U1"))["channel"]["id"] == ana.dm


async def test_another_app_and_the_app_itself_are_heard_as_bots(slack: Slack, bot: Heard) -> None:
    deploys = slack.person("U8", name="Deploys", bot_id="B8")
    await deploys.writes("C1", "deployed")
    await deploys.writes("C1", "deployed, the old way", subtype="bot_message")
    await client(slack).chat_postMessage(channel="C1", text="my own")
    await slack.settled()
    assert [one["bot_id"] for one in bot.events("message")] == ["B8"]
    assert bot.events("message", "bot_message")[0]["bot_id"] == "B8"
    own = [one.event for one in slack.deliveries if one.event["bot_id"] == slack.workspace.bot_id]
    assert [one["text"] for one in own] == ["my own"]


async def test_a_note_for_one_person_can_be_seen_and_pressed_by_them_alone(
    slack: Slack, bot: Heard, ana: Person
) -> None:
    bob = slack.person("U2", name="Bob")
    await client(slack).chat_postEphemeral(channel="C1", user="U1", text="already done", blocks=CHOICES)
    (note,) = slack.shown_to(ana)
    assert slack.shown_to(bob) == []
    assert slack.messages("C1") == []
    assert "Fixed it" in labels(note)
    await ana.presses(note, "Fixed it")
    body = bot.bodies[-1]
    assert body["container"]["is_ephemeral"]
    assert "message" not in body
    await bot.app.client.api_call("auth.test")


async def test_a_command_and_both_shortcuts_come_with_a_trigger(
    slack: Slack, bot: Heard, ana: Person
) -> None:
    bot.answering = {"text": "See your messages"}
    answer = await ana.runs("/fix", "lamp is dark")
    assert answer.payload == {"text": "See your messages"}
    command = bot.bodies[-1]
    assert (command["command"], command["text"], command["user_id"]) == ("/fix", "lamp is dark", "U1")
    assert (command["channel_id"], command["channel_name"]) == (ana.dm, "directmessage")
    bot.answering = {}
    ts = await ana.writes("C1", "dark")
    await slack.settled()
    bob = slack.person("U2", name="Bob")
    await bob.uses_shortcut("troubleshoot", message=ts)
    action = bot.bodies[-1]
    assert (action["type"], action["user"]["id"], action["message"]["user"]) == ("message_action", "U2", "U1")
    await ana.uses_shortcut("start")
    assert (bot.bodies[-1]["type"], bot.bodies[-1]["callback_id"]) == ("shortcut", "start")
    assert slack.view_of(ana) is not None
    triggers = {command["trigger_id"], action["trigger_id"], bot.bodies[-1]["trigger_id"]}
    assert triggers == set(slack.workspace.triggers)


async def test_the_home_tab_is_opened_drawn_and_pressed(slack: Slack, bot: Heard, ana: Person) -> None:
    await ana.opens_home()
    await slack.settled()
    assert bot.events("app_home_opened")[0]["tab"] == "home"
    await client(slack).views_publish(user_id="U1", view={"type": "home", "blocks": CHOICES})
    home = slack.home_of(ana)
    assert home is not None
    await ana.presses(home, "Fixed it")
    assert bot.bodies[-1]["container"] == {"type": "view", "view_id": home["id"]}
    assert bot.bodies[-1]["view"]["type"] == "home"


async def test_an_app_that_is_not_in_a_channel_hears_nothing_of_it(slack: Slack, ana: Person) -> None:
    slack.channel("C2", "elsewhere", joined=False)
    await ana.writes("C2", "psst")
    slack.subscribed.discard("app_mention")
    await ana.mentions("C1", "hello")
    assert [one.event["type"] for one in slack.deliveries] == ["message"]


async def test_the_answer_url_changes_a_note_and_is_used_up(slack: Slack, bot: Heard, ana: Person) -> None:
    await client(slack).chat_postEphemeral(channel="C1", user="U1", text="a", blocks=CHOICES)
    await ana.presses(slack.shown_to(ana)[0], "Fixed it")
    url = bot.bodies[-1]["response_url"]
    hook = AsyncWebhookClient(url)
    for words in ("one", "two", "three", "four"):
        assert (await hook.send_dict({"replace_original": True, "text": words})).status_code == 200
    assert [one["text"] for one in slack.shown_to(ana)] == ["four"]
    await hook.send_dict({"delete_original": True})
    assert slack.shown_to(ana) == []
    assert (await hook.send(text="once more")).status_code == 404
    assert len(slack.calls("response_url", ok=True)) == 5


async def test_history_is_read_in_pages_and_with_the_data_of_the_app(slack: Slack, ana: Person) -> None:
    web = client(slack)
    data = {"event_type": "delivery", "event_payload": {"id": "e.1"}}
    root = await ana.writes("C1", "dark")
    for number in range(5):
        await web.chat_postMessage(channel="C1", thread_ts=root, text=f"{number}", metadata=data)
    first = await web.conversations_replies(channel="C1", ts=root, limit=3, include_all_metadata=True)
    assert [one["text"] for one in first["messages"]] == ["dark", "0", "1", "2"]
    assert first["messages"][1]["metadata"] == data
    cursor = first["response_metadata"]["next_cursor"]
    rest = await web.conversations_replies(channel="C1", ts=root, limit=3, cursor=cursor)
    assert [one["text"] for one in rest["messages"]] == ["dark", "3", "4"]
    assert all("metadata" not in one for one in rest["messages"])
    top = await web.conversations_history(channel="C1", oldest=root, inclusive=True)
    assert [(one["text"], one["reply_count"]) for one in top["messages"]] == [("dark", 5)]
    link = await web.chat_getPermalink(channel="C1", message_ts=first["messages"][1]["ts"])
    assert f"thread_ts={root}" in link["permalink"]


async def test_what_a_person_types_is_passed_on_escaped_with_its_links_marked(
    slack: Slack, ana: Person
) -> None:
    ts = await ana.writes("C1", "<@U1> if a < b & c see https://lamps.example/?a=1&b=2 <!here>")
    assert slack.message(ts)["text"] == (
        "<@U1> if a &lt; b &amp; c see <https://lamps.example/?a=1&amp;b=2> <!here>"
    )


async def test_a_button_that_was_taken_away_can_still_be_pressed_by_who_sees_it(
    slack: Slack, bot: Heard, ana: Person
) -> None:
    web = client(slack)
    ts = (await web.chat_postMessage(channel="C1", text="a", blocks=CHOICES))["ts"]
    before = slack.message(ts)
    await web.chat_update(channel="C1", ts=ts, text="You said: fixed")
    with pytest.raises(AssertionError, match="nothing says 'Fixed it'"):
        await ana.presses(ts, "Fixed it")
    assert (await ana.presses(before, "Fixed it")).acked
    assert bot.bodies[-1]["actions"][0]["value"] == "v1|c|1|fixed"


async def test_people_read_before_they_write_unless_a_test_says_how_long_they_take(
    slack: Slack, ana: Person
) -> None:
    web = client(slack)
    first = await ana.writes(ana.dm, "it is dark")
    answered = await web.chat_postMessage(channel=ana.dm, text="plug it in")
    late = await ana.writes(ana.dm, "done")
    quick = await ana.writes(ana.dm, "still dark", after_s=1)
    last = await web.chat_postMessage(channel=ana.dm, text="look at the bulb")
    assert first < answered["ts"] < late < quick < last["ts"]
    assert float(late) - float(answered["ts"]) >= 5
    assert float(quick) - float(late) == pytest.approx(1)
