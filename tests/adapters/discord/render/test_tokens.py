"""Tests that the tokens of buttons, menus and forms are read back as written, and fit into a `custom_id`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.render.tokens import (
    ChooseDirectMessages,
    FlowOffer,
    HelpOffer,
    MineToo,
    StartForMe,
    Token,
    WriteMessage,
    read_token,
)
from flows.button import Button
from flows.orders import Order

HERE = "07aaaaaaaaaaaaaaaa"
USER = "9" * 20
WRITTEN: list[Token] = [
    Button(conversation=HERE, turn=36**8 - 1, choice="a" * 32),
    Button(conversation=HERE, turn=3, built_in="person"),
    Order(verb="claim", conversation=HERE),
    WriteMessage.at(HERE, 36**8 - 1),
    MineToo(conversation=HERE),
    FlowOffer(user=USER),
    HelpOffer(what="ticket", user=USER),
    HelpOffer(what="problem", user=USER),
    StartForMe(flow="a" * 64),
    ChooseDirectMessages(wanted=True),
    ChooseDirectMessages(wanted=False),
]


@pytest.mark.parametrize("token", WRITTEN, ids=lambda token: type(token).__name__)
def test_a_token_comes_back_as_it_was_written(token: Token) -> None:
    assert len(str(token)) <= 100
    assert read_token(str(token)) == token


@pytest.mark.parametrize("token", WRITTEN[:3], ids=lambda token: type(token).__name__)
def test_a_chosen_option_counts_and_not_the_id_of_its_menu(token: Token) -> None:
    assert read_token("more:3", str(token)) == token


def test_a_choice_below_a_post_says_which_flow_and_whose_post() -> None:
    assert read_token(str(FlowOffer(user=USER)), FlowOffer.option("lamp")) == FlowOffer(
        user=USER, flow="lamp"
    )


@given(st.text(max_size=120), st.text(max_size=120))
def test_any_other_text_means_nothing_and_breaks_nothing(custom_id: str, value: str) -> None:
    token = read_token(custom_id, value)
    assert token is None or isinstance(token, MineToo | FlowOffer | HelpOffer | StartForMe)
