"""What agents read: one table for every channel."""

from typing import get_args

from flows.acts import Until
from flows.conversation import Conversation, Status
from flows.orders import UNTILS
from flows.text.agent_phrases import AGENT_PHRASES, SIGNS, channel_name, customer_name, phrase
from flows.views.act_phrases import ACTS


def test_every_standing_of_a_ticket_has_its_words_and_its_sign() -> None:
    for status in Status:
        assert {f"status_{status}", f"state_{status}"} <= set(AGENT_PHRASES)
        assert SIGNS[status]


def test_every_way_to_snooze_is_on_the_form_and_has_its_words() -> None:
    assert get_args(Until) == ("reply", *UNTILS), "journals still have what is no longer offered"
    for until in get_args(Until):
        assert {f"until_{until}", f"snoozed_{until}"} <= set(AGENT_PHRASES)
        assert f"snoozed_{until}" in ACTS


def test_a_step_and_its_answer_are_set_apart_as_in_the_live_message() -> None:
    for title in ("Plug it in", "Is it on?"):
        row = phrase("tried_row", title=title, answer="Fixed it", when="9:00", span="4 s")
        assert row == f"{title} · Fixed it · 9:00, after 4 s"


def test_customers_without_a_name_are_told_apart() -> None:
    known = Conversation(id="07abcdefghijklmnop", contact="web:ana", name="Ana")
    assert customer_name(known) == "Ana"
    assert customer_name(known.model_copy(update={"name": ""})) == "Customer abcd"


def test_a_channel_without_a_name_is_called_by_its_id() -> None:
    assert (channel_name("web"), channel_name("pager")) == ("Web page", "pager")


def test_one_step_and_several_are_counted_correctly() -> None:
    assert phrase("tried_earlier", count=1) == "1 earlier step is on the web desk."
    assert phrase("tried_earlier", count=3) == "3 earlier steps are on the web desk."
