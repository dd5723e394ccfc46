"""Tests that an alert in the thread mentions exactly the team's group, and other messages mention no one."""

from adapters.slack.render.agent_thread import line_of
from adapters.slack.render.packet import alerting
from bot.ports import Delivery
from flows.conversation import Address, Conversation
from flows.effects import Relay
from flows.views.dossier import Line
from flows.views.quotes import verbatim

AT = Conversation(id="11lju5g4yobkew6sic", ticket=75)
ALERT = line_of(
    Line(version=9, kind="act", who="", actor="timer", words=verbatim("Unassigned for an hour, <!channel>")),
    AT,
    "",
)


def alerts(ping: str) -> Delivery:
    """Return the delivery of an alert for a team whose setting is `ping`."""
    return Delivery(effect=Relay(id="e.1"), conversation=AT, address=Address(channel="slack"), ping=ping)


def test_an_alert_names_the_group_once_and_no_one_else() -> None:
    called = alerting(ALERT, alerts("S0123"))
    shown = str([called.text, *called.blocks])
    assert called.text.startswith("<!subteam^S0123> Unassigned for an hour")
    assert shown.count("<!subteam^S0123>") == 2, "in the words of the notification, and in what is shown"
    assert "<!channel>" not in called.text


def test_without_a_setting_or_with_an_id_of_another_platform_the_line_stays_as_it_is() -> None:
    assert alerting(ALERT, alerts("")) == ALERT
    assert alerting(ALERT, alerts("123456789012345678")) == ALERT
