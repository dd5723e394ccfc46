"""Makes Slack's payloads one by one, in Slack's own shapes."""

from typing import Any

from flows.button import Button
from tests.fakes.slack import payloads
from tests.fakes.slack.composer import rich
from tests.fakes.slack.state import Channel, User, Workspace

Json = dict[str, Any]

BOT = "U0BOT"
BUTTON = Button(conversation="07" + "a" * 16, turn=3, choice="fixed")


def slack() -> Workspace:
    made = Workspace(team="T1")
    made.channels["C1"] = Channel("C1", "help")
    made.channels["D1"] = Channel("D1", "directmessage", is_im=True, user="U1")
    made.users |= {"U1": User("U1", "T1", "Ana"), "U3": User("U3", "T2", "Cleo")}
    return made


def message(text: str = "it is dark", user: str = "U1", channel: str = "C1", **more: Any) -> Json:
    """Return the event of a message, in its envelope."""
    workspace = slack()
    place = workspace.channels[channel]
    typed = payloads.typed(workspace, workspace.users[user], text, []) | more
    return payloads.envelope(workspace, payloads.about_message(place, typed), place)


def changed(before: str = "dark", after: str | None = "very dark", **more: Any) -> Json:
    """Return the event of a message that was edited or deleted."""
    workspace = slack()
    place = workspace.channels["C1"]
    was = payloads.typed(workspace, workspace.users["U1"], before, [])
    now = None if after is None else {**was, "text": payloads.escaped(after), "blocks": rich(after), **more}
    return payloads.envelope(
        workspace, payloads.about_message(place, now, was=was, event_ts=workspace.ts()), place
    )


def click(**more: Any) -> Json:
    workspace = slack()
    posted = {"ts": "1700000000.000001", "thread_ts": "1700000000.000000", "text": "Plug it in"}
    body = payloads.click(workspace, workspace.users["U1"], workspace.channels["C1"], posted, hidden=False)
    action = {"action_id": "tt:fixed", "block_id": "b", "type": "button", "value": str(BUTTON)}
    return body | {"actions": [action | {"action_ts": "1700000001.000001"} | more]}


def submission(values: Json | None = None, form: str = "details") -> Json:
    workspace = slack()
    body = payloads.interaction(workspace, workspace.users["U1"], "view_submission")
    state = {name: {name: field} for name, field in (values or {}).items()}
    shown = {"id": "V1", "hash": "1.abc", "callback_id": form, "private_metadata": str(BUTTON)}
    return body | {"view": shown | {"state": {"values": state}}}


def pointed(**more: Any) -> Json:
    workspace = slack()
    body = payloads.interaction(workspace, workspace.users["U3"], "message_action")
    written = payloads.typed(workspace, workspace.users["U1"], "it is dark", [])
    place = {"channel": {"id": "C1", "name": "help"}, "response_url": "https://hooks.slack.com/x"}
    return body | place | {"message_ts": written["ts"], "message": written | more}
