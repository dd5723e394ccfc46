"""Tests the parser of Slack's payloads, each kind in the shapes that Slack sends."""

from copy import deepcopy

import pytest

from adapters.slack.api.addresses import Person, Place
from adapters.slack.inbound import parse
from adapters.slack.inbound.events import (
    CommandCalled,
    HomeOpened,
    MessageEdited,
    MessageShortcut,
    MessagesOpened,
    Submitted,
    Written,
)
from adapters.slack.render.tokens import StartFlow
from flows.events import SHARED_AT_ONCE
from tests.adapters.slack.support.deliveries import (
    BOT,
    BUTTON,
    Json,
    changed,
    click,
    message,
    pointed,
    slack,
    submission,
)
from tests.fakes.slack import payloads

# ---------------------------------------------------------------- messages


def test_a_mention_and_its_message_are_one_happening() -> None:
    told = message(f"<@{BOT}> it is dark")
    mention = deepcopy(told)
    mention["event"] |= {"type": "app_mention"}
    del mention["event"]["channel_type"]
    first, second = parse.event(told, BOT), parse.event(mention, BOT)
    assert isinstance(first, Written)
    assert first == second
    assert (first.text, first.mention) == ("it is dark", True)
    assert first.place == Place(workspace="T1", channel="C1", thread=first.ts)


def test_a_reply_stands_in_its_thread_and_direct_messages_are_one_place() -> None:
    reply = parse.event(message(thread_ts="1700000000.000001"), BOT)
    direct = parse.event(message(channel="D1", thread_ts="1700000000.000001"), BOT)
    assert isinstance(reply, Written)
    assert isinstance(direct, Written)
    assert reply.place.thread == "1700000000.000001"
    assert direct.place == Place(workspace="T1", channel="D1")
    assert direct.place.direct


def test_direct_messages_are_known_by_their_channel_where_the_kind_is_not_told() -> None:
    told = message(channel="D1")
    del told["event"]["channel_type"]
    written = parse.event(told, BOT)
    assert isinstance(written, Written)
    assert written.place.direct


@pytest.mark.parametrize("team", ["user_team", "source_team", "team"])
def test_a_stranger_is_known_by_their_own_team(team: str) -> None:
    told = message(user="U3")
    for name in ("user_team", "source_team", "team"):
        told["event"].pop(name)
    told["event"][team] = "T2"
    written = parse.event(told, BOT)
    assert isinstance(written, Written)
    assert written.person.actor == "slack:T2:U3"
    assert written.place.workspace == "T1"


def test_in_a_shared_channel_the_workspace_is_ours_whatever_stands_first() -> None:
    told = message() | {"team_id": "T2", "is_ext_shared_channel": True}
    written = parse.event(told, BOT)
    assert isinstance(written, Written)
    assert (written.place.workspace, written.shared) == ("T1", True)


@pytest.mark.parametrize(
    "more",
    [
        {"bot_id": "B1"},
        {"subtype": "bot_message"},
        {"subtype": "channel_join"},
        {"subtype": "channel_topic"},
        {"user": "USLACK"},
        {"user": None},
        {"ts": None},
        {"channel": ""},
    ],
)
def test_what_no_person_wrote_or_nobody_could_answer_is_nothing(more: Json) -> None:
    told = message()
    told["event"] |= more
    assert parse.event(told, BOT) is None


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast", "me_message"])
def test_some_subtypes_are_messages_of_a_person_all_the_same(subtype: str) -> None:
    assert isinstance(parse.event(message(subtype=subtype), BOT), Written)


def test_a_changed_message_says_what_it_says_now_under_its_old_key() -> None:
    told = changed("dark", f"<@{BOT}> a < b")
    reworded = parse.event(told, BOT)
    assert isinstance(reworded, MessageEdited)
    assert reworded.text == "a < b"
    assert reworded.of == f"C1/{told['event']['message']['ts']}"
    assert reworded.event == told["event_id"]


def test_a_message_that_only_got_replies_or_a_preview_was_not_changed() -> None:
    assert parse.event(changed("dark", "dark", reply_count=3), BOT) is None


def test_a_deleted_message_says_nothing_any_more() -> None:
    reworded = parse.event(changed("dark", None), BOT)
    assert isinstance(reworded, MessageEdited)
    assert (reworded.text, reworded.person.user) == ("", "U1")


def test_a_root_that_was_deleted_leaves_a_stone_and_was_written_by_whoever_wrote_it() -> None:
    told = changed("dark", "This message was deleted.", subtype="tombstone", user="USLACKBOT", hidden=True)
    reworded = parse.event(told, BOT)
    assert isinstance(reworded, MessageEdited)
    assert (reworded.text, reworded.person.user) == ("", "U1")


def test_a_message_of_a_bots_that_is_changed_or_deleted_is_nobodys() -> None:
    for after in ("very dark", None):
        told = changed("dark", after)
        for name in ("message", "previous_message"):
            told["event"].get(name, {})["bot_id"] = "B1"
        assert parse.event(told, BOT) is None


def test_files_come_with_name_type_and_size_and_those_of_strangers_by_id_alone() -> None:
    mine = {"id": "F1", "name": "screen.png", "mimetype": "image/png", "size": 6}
    theirs = {"id": "F2", "mode": "file_access", "file_access": "check_file_info", "created": 0}
    written = parse.event(message(subtype="file_share", files=[mine, theirs, {}, {"id": None}]), BOT)
    assert isinstance(written, Written)
    assert [(file.id, file.name, file.kind, file.size) for file in written.files] == [
        ("F1", "screen.png", "image/png", 6),
        ("F2", "", "", 0),
    ]
    assert written.hidden == ("F2",)


def test_of_many_hidden_files_only_those_taken_are_looked_up() -> None:
    files = [{"id": f"F{number}", "file_access": "check_file_info"} for number in range(30)]
    written = parse.event(message(subtype="file_share", files=files), BOT)
    assert isinstance(written, Written)
    assert list(written.hidden) == [file.id for file in written.files]
    assert len(written.files) == SHARED_AT_ONCE


def test_both_tabs_can_be_opened() -> None:
    opened = {"type": "app_home_opened", "user": "U1", "tab": "home", "channel": "D1"}
    envelope = payloads.envelope(slack(), opened, None)
    assert parse.event(envelope, BOT) == HomeOpened(person=Person(team="", user="U1"), workspace="T1")
    opened["tab"] = "messages"
    place = Place(workspace="T1", channel="D1")
    assert parse.event(envelope, BOT) == MessagesOpened(person=Person(team="", user="U1"), place=place)
    opened["tab"] = "about"
    assert parse.event(envelope, BOT) is None


# ---------------------------------------------------------------- what is pressed, called for and sent back


def test_a_press_names_who_where_what_and_when() -> None:
    pressed = parse.action(click(), "T1")
    assert pressed is not None
    assert pressed.person == Person(team="T1", user="U1")
    assert pressed.place == Place(workspace="T1", channel="C1", thread="1700000000.000000")
    assert pressed.action == BUTTON
    assert pressed.key == "C1/1700000000.000001/1700000001.000001/tt:fixed"


def test_two_presses_of_one_button_are_two_happenings_and_one_told_twice_is_one() -> None:
    first, again = parse.action(click(), "T1"), parse.action(click(), "T1")
    later = parse.action(click(action_ts="1700000002.000001"), "T1")
    assert first is not None
    assert again is not None
    assert later is not None
    assert first.key == again.key != later.key


def test_an_option_that_was_chosen_counts_before_the_value() -> None:
    chosen = {"selected_option": {"value": "start:lamp", "text": {}}, "value": None}
    pressed = parse.action(click(**chosen), "T1")
    assert pressed is not None
    assert pressed.action == StartFlow(flow="lamp")


def test_a_presser_is_of_their_own_team_and_of_none_if_slack_does_not_name_it() -> None:
    body = click()
    body["user"]["team_id"] = "T2"
    stranger = parse.action(body, "T1")
    del body["user"]["team_id"]
    body["team"] = None
    unnamed = parse.action(body, "T1")
    assert stranger is not None
    assert unnamed is not None
    assert (stranger.person.team, unnamed.person.team) == ("T2", "")


def test_a_press_on_the_home_tab_has_no_place() -> None:
    body = click() | {"container": {"type": "view", "view_id": "V1"}}
    del body["channel"], body["message"]
    pressed = parse.action(body, "T1")
    assert pressed is not None
    assert pressed.place is None
    assert pressed.key.startswith("V1/")


def test_a_command_is_called_with_what_a_person_typed() -> None:
    workspace = slack()
    body = payloads.command(
        workspace, workspace.users["U1"], workspace.channels["C1"], "/fix", "a &lt; b &amp; <#C1|help>"
    )
    called = parse.command(body, "T1")
    assert called is not None
    assert (called.text, called.key) == ("a < b & #help", body["trigger_id"])


def test_pointing_at_a_message_is_about_who_wrote_it() -> None:
    found = parse.shortcut(pointed(), "T1")
    assert isinstance(found, MessageShortcut)
    assert found.author == Person(team="T1", user="U1")
    assert found.person.user == "U3"
    assert found.place.thread == found.ts


def test_a_message_of_a_bots_has_no_author_to_be_helped() -> None:
    found = parse.shortcut(pointed(bot_id="B1", subtype="bot_message"), "T1")
    assert isinstance(found, MessageShortcut)
    assert found.author is None


def test_the_shortcut_that_stands_everywhere_is_a_call_without_words() -> None:
    workspace = slack()
    body = payloads.interaction(workspace, workspace.users["U1"], "shortcut")
    called = parse.shortcut(body | {"callback_id": "start"}, "T1")
    assert isinstance(called, CommandCalled)
    assert called.text == ""


def test_a_form_comes_with_what_was_filled_in() -> None:
    values = {
        "reason": {"selected_option": {"value": "hosted"}},
        "text": {"value": "  it hums "},
        "reach": {"value": "555"},
        "files": {"files": [{"id": "F1", "name": "a.png", "mimetype": "image/png", "size": 1}]},
    }
    sent = parse.view(submission(values), "T1")
    assert isinstance(sent, Submitted)
    assert (sent.button, sent.key) == (BUTTON, "V1/1.abc")
    assert (sent.reason, sent.text, sent.reach, sent.files[0].name) == ("hosted", "it hums", "555", "a.png")


def test_an_empty_form_is_a_form_and_a_made_up_reason_is_none() -> None:
    sent = parse.view(submission({"reason": {"selected_option": {"value": "because"}}}), "T1")
    assert isinstance(sent, Submitted)
    assert (sent.reason, sent.text, sent.files) == ("", "", ())


def test_a_form_of_somebody_elses_is_none_of_ours() -> None:
    assert parse.view(submission(form="survey"), "T1") is None
