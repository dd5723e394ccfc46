"""Tests that the stand-in tells an app only of events whose scope it has, and how it tells of groups and reactions."""

from tests.adapters.slack.support.bolt_app import Heard, connected
from tests.fakes.slack import Slack


async def test_groups_and_reactions_are_told_of_only_with_their_scopes() -> None:
    async with Slack.running() as slack:
        ana, ben = slack.person("U1"), slack.person("U2")
        heard = Heard(slack)
        async with connected(heard):
            group = ana.starts_group(ben)
            for scopes in ({"mpim:history", "reactions:read"}, set[str]()):
                slack.web.scopes = scopes
                ts = await ana.mentions(group, "it is dark")
                ben.reacts(ts, "eyes")
                ben.takes_back(ts, "eyes")
                await slack.settled()
        kinds = sorted(one["event"]["type"] for one in heard.bodies if "event" in one)
        assert kinds == ["message", "reaction_added", "reaction_removed"]
        (message,) = heard.events("message")
        assert (message["channel"], message["channel_type"]) == (group, "mpim")
        (added,) = heard.events("reaction_added")
        assert (added["user"], added["item_user"]) == ("U2", "U1")
        assert added["item"] == {"type": "message", "channel": group, "ts": message["ts"]}
        assert slack.message(message["ts"])["reactions"] == []
