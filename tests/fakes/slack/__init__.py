"""Imitates Slack over real sockets: keeps state, refuses what Slack refuses, and fails on command."""

from tests.fakes.slack.answers import Answer, Delivery
from tests.fakes.slack.controls import labels
from tests.fakes.slack.people import Person
from tests.fakes.slack.refusals import Refused
from tests.fakes.slack.stand import Slack
from tests.fakes.slack.web import Call

__all__ = ["Answer", "Call", "Delivery", "Person", "Refused", "Slack", "labels"]
