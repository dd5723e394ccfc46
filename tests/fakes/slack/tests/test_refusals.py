"""Tests that the stand-in refuses what Slack refuses, with Slack's own client."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.adapters.slack.support.bolt_app import CHOICES, MODAL, client
from tests.fakes.slack import Person, Slack
from tests.fakes.slack.refusals import ALL_SCOPES, SCOPES

Asked = Callable[[AsyncWebClient], Awaitable[Any]]
HOME: Final[dict[str, Any]] = {"type": "home", "blocks": []}


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with Slack.running() as slack:
        slack.channel("C1", "help")
        slack.channel("C2", "elsewhere", joined=False)
        slack.channel("C3", "old", archived=True)
        slack.channel("G1", "secret", private=True, joined=False)
        slack.usergroup("S1", "U1")
        yield slack


@pytest.fixture
def ana(slack: Slack) -> Person:
    return slack.person("U1", name="Ana", locale="de-DE", tz="Europe/Berlin")


async def refusal(asked: Awaitable[Any]) -> dict[str, Any]:
    """Return the error that Slack answered."""
    with pytest.raises(SlackApiError) as refused:
        await asked
    answer = refused.value.response
    return {"status": answer.status_code, **answer.data, "headers": answer.headers}


REFUSED: Final[dict[str, list[Asked]]] = {
    "channel_not_found": [
        lambda web: web.chat_postMessage(channel="C404", text="hello"),
        lambda web: web.chat_postMessage(channel="G1", text="hello"),
        lambda web: web.conversations_history(channel="C404"),
        lambda web: web.chat_getPermalink(channel="C404", message_ts="1.1"),
    ],
    "not_in_channel": [
        lambda web: web.chat_postMessage(channel="C2", text="hello"),
        lambda web: web.chat_postEphemeral(channel="C2", user="U1", text="hello"),
        lambda web: web.conversations_replies(channel="C2", ts="1.1"),
    ],
    "is_archived": [lambda web: web.chat_postMessage(channel="C3", text="hello")],
    "user_not_in_channel": [lambda web: web.chat_postEphemeral(channel="C1", user="U404", text="hello")],
    "user_not_found": [
        lambda web: web.users_info(user="U404"),
        lambda web: web.conversations_open(users="U404"),
    ],
    "thread_not_found": [
        lambda web: web.chat_postMessage(channel="C1", thread_ts="1.1", text="hello"),
        lambda web: web.conversations_replies(channel="C1", ts="1.1"),
    ],
    "message_not_found": [
        lambda web: web.chat_update(channel="C1", ts="1.1", text="hello"),
        lambda web: web.chat_delete(channel="C1", ts="1.1"),
        lambda web: web.chat_getPermalink(channel="C1", message_ts="1.1"),
        lambda web: web.reactions_add(channel="C1", timestamp="1.1", name="eyes"),
    ],
    "no_text": [
        lambda web: web.api_call("chat.postMessage", json={"channel": "C1"}),
        lambda web: web.api_call("chat.postMessage", json={"channel": "C1", "blocks": []}),
    ],
    "msg_too_long": [lambda web: web.chat_postMessage(channel="C1", text="x" * 40_001)],
    "invalid_blocks_format": [
        lambda web: web.api_call("chat.postMessage", json={"channel": "C1", "text": "a", "blocks": "[{"}),
        lambda web: web.api_call("chat.postMessage", json={"channel": "C1", "text": "a", "blocks": {"a": 1}}),
    ],
    "invalid_metadata_format": [
        lambda web: web.chat_postMessage(channel="C1", text="a", metadata={"event_type": "delivery"})
    ],
    "invalid_trigger_id": [lambda web: web.views_open(trigger_id="1.2.3", view=MODAL)],
    "not_found": [lambda web: web.views_update(view_id="V404", view=MODAL)],
    "file_not_found": [lambda web: web.files_info(file="F404")],
    "no_such_subteam": [lambda web: web.usergroups_users_list(usergroup="S404")],
    "unknown_method": [lambda web: web.api_call("chat.shout")],
    "not_allowed_token_type": [lambda web: web.api_call("apps.connections.open")],
}


@pytest.mark.parametrize(
    ("error", "asked"), [(error, asked) for error, all_of in REFUSED.items() for asked in all_of]
)
async def test_a_call_that_slack_would_refuse_is_refused(
    slack: Slack, ana: Person, error: str, asked: Asked
) -> None:
    assert (await refusal(asked(client(slack))))["error"] == error
    assert not slack.calls(ok=True)


async def test_a_token_that_is_missing_wrong_or_revoked_opens_nothing(slack: Slack) -> None:
    assert (await refusal(client(slack, token=None).auth_test()))["error"] == "not_authed"
    assert (await refusal(client(slack, token="xoxb-other").auth_test()))["error"] == "invalid_auth"
    wrong = client(slack, token=None).apps_connections_open(app_token=slack.token)
    assert (await refusal(wrong))["error"] == "not_allowed_token_type"
    for error in ("token_revoked", "account_inactive"):
        slack.revoke(error)
        assert (await refusal(client(slack).auth_test()))["error"] == error
    slack.restore()
    assert (await client(slack).auth_test())["team_id"] == "T1"


CALLS: Final[dict[str, Asked]] = {
    "chat.postMessage": lambda web: web.chat_postMessage(channel="C1", text="a"),
    "conversations.open": lambda web: web.conversations_open(users="U1"),
    "files.info": lambda web: web.files_info(file="F1"),
    "reactions.add": lambda web: web.reactions_add(channel="C1", timestamp="1.1", name="eyes"),
    "usergroups.users.list": lambda web: web.usergroups_users_list(usergroup="S1"),
    "users.info": lambda web: web.users_info(user="U1"),
}
READS: Final[list[tuple[str, Asked]]] = [
    ("channels:history", lambda web: web.conversations_history(channel="C1")),
    ("channels:read", lambda web: web.conversations_info(channel="C1")),
    ("chat:write.customize", lambda web: web.chat_postMessage(channel="C1", text="a", username="Bo")),
]


@pytest.mark.parametrize(
    ("scope", "asked"), [*((SCOPES[method], asked) for method, asked in CALLS.items()), *READS]
)
async def test_without_its_scope_a_call_says_which_one_is_missing(
    slack: Slack, ana: Person, scope: str, asked: Asked
) -> None:
    slack.web.scopes = set(ALL_SCOPES) - {scope}
    answer = await refusal(asked(client(slack)))
    assert (answer["error"], answer["needed"]) == ("missing_scope", scope)


async def test_history_can_be_made_unreadable_and_readable_again(slack: Slack) -> None:
    slack.hide_history()
    assert (await refusal(client(slack).conversations_history(channel="C1")))["error"] == "missing_scope"
    slack.restore()
    assert (await client(slack).conversations_history(channel="C1"))["messages"] == []


async def test_invalid_blocks_say_what_is_wrong_and_where(slack: Slack) -> None:
    blocks = [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]
    answer = await refusal(client(slack).chat_postMessage(channel="C1", text="a", blocks=blocks))
    line = "must be less than 151 characters [json-pointer:/blocks/0/text/text]"
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {line}"]
    assert answer["errors"] == [line]


async def test_the_messages_of_others_cannot_be_changed_or_deleted(slack: Slack, ana: Person) -> None:
    ts = await ana.writes("C1", "mine")
    update = client(slack).chat_update(channel="C1", ts=ts, text="yours")
    assert (await refusal(update))["error"] == "cant_update_message"
    delete = client(slack).chat_delete(channel="C1", ts=ts)
    assert (await refusal(delete))["error"] == "cant_delete_message"
    posted = (await client(slack).chat_postMessage(channel="C1", text="a"))["ts"]
    long = client(slack).chat_update(channel="C1", ts=posted, text="x" * 4001)
    assert (await refusal(long))["error"] == "msg_too_long"


async def test_a_trigger_opens_one_view_and_not_for_long(slack: Slack, ana: Person) -> None:
    web = client(slack)
    trigger = slack.workspace.trigger("U1")
    opened = (await web.views_open(trigger_id=trigger, view=MODAL))["view"]
    again = web.views_open(trigger_id=trigger, view=MODAL)
    assert (await refusal(again))["error"] == "exchanged_trigger_id"
    late = slack.workspace.trigger("U1")
    slack.workspace.triggers[late].born = time.monotonic() - 3.1
    assert (await refusal(web.views_open(trigger_id=late, view=MODAL)))["error"] == "expired_trigger_id"
    wrong = web.views_open(
        trigger_id=slack.workspace.trigger("U1"), view={**MODAL, "blocks": [{"type": "x"}]}
    )
    assert (await refusal(wrong))["error"] == "invalid_arguments"
    old = web.views_update(view_id=opened["id"], hash="0.0", view=MODAL)
    assert (await refusal(old))["error"] == "hash_conflict"
    assert (await web.views_update(view_id=opened["id"], hash=opened["hash"], view=MODAL))["ok"]
    for _deeper in range(2):
        await web.views_push(trigger_id=slack.workspace.trigger("U1"), view=MODAL)
    deepest = web.views_push(trigger_id=slack.workspace.trigger("U1"), view=MODAL)
    assert (await refusal(deepest))["error"] == "push_limit_reached"


async def test_a_home_tab_that_changed_meanwhile_is_not_overwritten(slack: Slack, ana: Person) -> None:
    web = client(slack)
    first = (await web.views_publish(user_id="U1", view=HOME))["view"]
    second = (await web.views_publish(user_id="U1", view=HOME, hash=first["hash"]))["view"]
    old = web.views_publish(user_id="U1", view=HOME, hash=first["hash"])
    assert (await refusal(old))["error"] == "hash_conflict"
    assert slack.home_of(ana) == second


async def test_who_posts_too_fast_is_told_when_to_come_back(slack: Slack, ana: Person) -> None:
    slack.web.limits.real()
    web = client(slack)
    for _post in range(slack.web.limits.burst):
        await web.chat_postMessage(channel="C1", text="a")
    answer = await refusal(web.chat_postMessage(channel="C1", text="a"))
    assert (answer["status"], answer["error"]) == (429, "ratelimited")
    assert int(answer["headers"]["Retry-After"]) >= 1
    await web.chat_postMessage(channel="U1", text="another channel")
    for _call in range(20):
        await web.usergroups_users_list(usergroup="S1")
    assert (await refusal(web.usergroups_users_list(usergroup="S1")))["error"] == "ratelimited"


async def test_a_block_id_that_is_used_again_for_something_else_is_noted(slack: Slack) -> None:
    web = client(slack)
    ts = (await web.chat_postMessage(channel="C1", text="a", blocks=CHOICES))["ts"]
    await web.chat_update(channel="C1", ts=ts, text="a", blocks=CHOICES)
    assert slack.workspace.reused_block_ids == []
    other = {"type": "divider", "block_id": "choices"}
    await web.chat_update(channel="C1", ts=ts, text="a", blocks=[CHOICES[0], other])
    assert slack.workspace.reused_block_ids == [(ts, "choices")]
    await web.chat_update(channel="C1", ts=ts, text="only words")
    assert "blocks" not in slack.message(ts)


async def test_a_private_file_needs_the_token(slack: Slack, ana: Person) -> None:
    ts = await ana.writes("C1", "look", files=[("screen.png", b"pixels")])
    address = slack.message(ts)["files"][0]["url_private_download"]
    async with aiohttp.ClientSession() as session:
        async with session.get(address) as answer:
            assert answer.content_type == "text/html"
        async with session.get(address, headers={"Authorization": f"Bearer {slack.token}"}) as answer:
            assert (answer.content_type, await answer.read()) == ("image/png", b"pixels")
