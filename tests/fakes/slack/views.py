"""Implements the methods that show views: open, push and update a modal, and publish a Home tab."""

import secrets
from collections.abc import Mapping
from typing import Any, Final

from tests.fakes.slack.chat import Method, filled
from tests.fakes.slack.refusals import Json, Refused, missing
from tests.fakes.slack.state import Workspace, named
from tests.fakes.slack.surfaces import faults_of_a_view

DEEPEST_STACK: Final = 3
UNSAID: Final[Json] = {
    "callback_id": "",
    "external_id": "",
    "private_metadata": "",
    "submit": None,
    "close": None,
    "clear_on_close": False,
    "notify_on_close": False,
    "submit_disabled": False,
}
"""The fields of a view that the app left out, with their defaults."""


def stored(workspace: Workspace, view: Any, kind: str) -> Json:
    """Return a view as Slack stores it."""
    if view is None:
        raise missing("view")
    if found := faults_of_a_view(view, kind):
        raise Refused("invalid_arguments", found)
    blocks = [filled(block, "block_id") for block in view["blocks"]]
    empty: Json = {
        "callback_id": "",
        "external_id": "",
        "private_metadata": "",
        "submit": None,
        "close": None,
    }
    return {
        **empty,
        "clear_on_close": False,
        "notify_on_close": False,
        "submit_disabled": False,
        **{name: filled(value) for name, value in view.items()},
        "blocks": blocks,
        "id": named("V"),
        "team_id": workspace.team,
        "app_id": workspace.app_id,
        "app_installed_team_id": workspace.team,
        "bot_id": workspace.bot_id,
        "state": {"values": {}},
        "hash": fresh_hash(workspace),
        "previous_view_id": None,
        "root_view_id": None,
    }


def fresh_hash(workspace: Workspace) -> str:
    return f"{workspace.ts().partition('.')[0]}.{secrets.token_hex(4)}"


def show(workspace: Workspace, view: Json, user: str) -> Json:
    """Put a view on top of a person's screen."""
    stack = workspace.stacks.setdefault(user, [])
    view["previous_view_id"] = stack[-1] if stack else None
    view["root_view_id"] = stack[0] if stack else view["id"]
    stack.append(view["id"])
    workspace.views[view["id"]] = view
    return view


def open_(workspace: Workspace, args: Json) -> Json:
    trigger = workspace.pull(args.get("trigger_id"))
    view = stored(workspace, args.get("view"), "modal")
    workspace.stacks[trigger.user] = []
    return {"ok": True, "view": show(workspace, view, trigger.user)}


def push(workspace: Workspace, args: Json) -> Json:
    trigger = workspace.pull(args.get("trigger_id"))
    if len(workspace.stacks.get(trigger.user, [])) >= DEEPEST_STACK:
        raise Refused("push_limit_reached")
    return {"ok": True, "view": show(workspace, stored(workspace, args.get("view"), "modal"), trigger.user)}


def change(workspace: Workspace, old: Json, view: Any) -> Json:
    """Replace a view's content. The view keeps its place and gets a new hash."""
    made = stored(workspace, view, old["type"])
    for name in ("id", "previous_view_id", "root_view_id"):
        made[name] = old[name]
    workspace.views[old["id"]] = made
    return made


def update(workspace: Workspace, args: Json) -> Json:
    external = args.get("external_id")
    for old in workspace.views.values():
        if old["id"] == args.get("view_id") or (external and old["external_id"] == external):
            if args.get("hash") and args["hash"] != old["hash"]:
                raise Refused("hash_conflict")
            return {"ok": True, "view": change(workspace, old, args.get("view"))}
    raise Refused("not_found")


def publish(workspace: Workspace, args: Json) -> Json:
    user = str(args.get("user_id") or "")
    if user not in workspace.users:
        raise Refused("invalid_arguments", ["[ERROR] user not found [json-pointer:/user_id]"])
    view = stored(workspace, args.get("view"), "home")
    old = workspace.homes.get(user)
    if args.get("hash") and old is not None and args["hash"] != old["hash"]:
        raise Refused("hash_conflict")
    view["id"] = view["root_view_id"] = old["id"] if old is not None else view["id"]
    workspace.homes[user] = view
    return {"ok": True, "view": view}


METHODS: Final[Mapping[str, Method]] = {
    "views.open": open_,
    "views.push": push,
    "views.update": update,
    "views.publish": publish,
}
