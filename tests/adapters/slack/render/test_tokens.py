"""Tests that the tokens of buttons are read back as written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.render.tokens import (
    ChooseDirectMessages,
    DeclineOffer,
    HelpOffer,
    StartFlow,
    StopOffers,
    TakeOffer,
    Token,
    read_token,
)
from flows.button import Button
from flows.orders import Order

HERE = "07aaaaaaaaaaaaaaaa"
WRITTEN: list[Token] = [
    Button(conversation=HERE, turn=3, choice="fixed"),
    Button(conversation=HERE, turn=3, built_in="person"),
    Order(verb="claim", conversation=HERE),
    StartFlow(flow="lamp"),
    TakeOffer(token="secret"),
    DeclineOffer(user="U1"),
    StopOffers(),
    HelpOffer(what="ticket", author="slack:T1:U1"),
    HelpOffer(what="problem", author="slack:T1:U1"),
    ChooseDirectMessages(wanted=True),
    ChooseDirectMessages(wanted=False),
]


@pytest.mark.parametrize("token", WRITTEN, ids=lambda token: type(token).__name__)
def test_a_token_comes_back_as_it_was_written(token: Token) -> None:
    assert read_token(str(token)) == token


@given(st.text(max_size=120))
def test_any_other_text_means_nothing_and_breaks_nothing(value: str) -> None:
    token = read_token(value)
    assert token is None or isinstance(token, StartFlow | TakeOffer | DeclineOffer | HelpOffer)
