"""Tests that an alert in the thread mentions exactly the team's group, and other messages mention no one."""

from adapters.slack.render.agent_thread import line_of
from adapters.slack.render.packet import calling
from flows.conversation import Conversation
from flows.views.dossier import Line
from flows.views.quotes import verbatim

AT = Conversation(id="11lju5g4yobkew6sic", ticket=75)
ALERT = line_of(
    Line(version=9, kind="act", who="", actor="timer", words=verbatim("Nobody has taken it, <!channel>")),
    AT,
    "",
)


def test_an_alert_names_the_group_once_and_nobody_else() -> None:
    called = calling(ALERT, "S0123")
    shown = str([called.text, *called.blocks])
    assert called.text.startswith("<!subteam^S0123> Nobody has taken it")
    assert shown.count("<!subteam^S0123>") == 2, "in the words of the notification, and in what is shown"
    assert "<!channel>" not in called.text


def test_where_nobody_is_set_or_it_is_no_slack_id_the_line_stays_as_it_is() -> None:
    assert calling(ALERT, "") == ALERT
    assert calling(ALERT, "123456789012345678") == ALERT
