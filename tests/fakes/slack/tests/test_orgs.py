"""Tests that the stand-in names people's teams on Enterprise Grid as Slack does: differently in each payload."""

from tests.adapters.slack.support.bolt_app import Heard, client, connected
from tests.fakes.slack import Slack


async def test_on_grid_each_kind_of_payload_names_another_team() -> None:
    async with Slack.running() as slack:
        slack.grid("E1", "T1", "T2", "T3")
        slack.channel("C1", "help")
        ana = slack.person("U1", name="Ana", team="T2")
        heard = Heard(slack)
        async with connected(heard):
            await ana.mentions("C1", "dark")
            await ana.runs("/fix")
            await ana.uses_shortcut("start")
            await slack.settled()
        (mention,), (message,) = heard.events("app_mention"), heard.events("message")
        assert (mention["user_team"], message["user_team"], message["team"]) == ("E1", "T3", "T3")
        (command,) = [one.payload for one in slack.deliveries if one.kind == "slash_commands"]
        (click,) = [one.payload for one in slack.deliveries if one.kind == "interactive"]
        assert (command["team_id"], command["enterprise_id"]) == ("T1", "E1")
        assert (click["team"], click["user"]["team_id"], click["enterprise"]["id"]) == (None, "T2", "E1")
        (first,) = slack.deliveries[0].payload["authorizations"]
        assert first["enterprise_id"] == "E1"
        assert (await client(slack).auth_test())["enterprise_id"] == "E1"
        user = (await client(slack).users_info(user="U1"))["user"]
        assert "team_id" not in user
        assert user["enterprise_user"]["teams"] == ["T1", "T2", "T3"]
        assert (user["enterprise_user"]["id"], user["is_stranger"]) == ("W1", False)
