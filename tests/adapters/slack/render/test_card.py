"""Tests what a customer sees in Slack: every card of a conversation, with its buttons."""

from adapters.slack.render import card as slack_card
from adapters.slack.render.card import Message
from flows.button import Button
from flows.conversation import Status
from flows.flow import Choice, Image
from flows.prompts import prompt
from tests.adapters.slack.support.prompts import card, flow, kinds
from tests.adapters.slack.support.schema_check import HERE, conversation, pressed, shelf_of_the_library, shown

ALWAYS = {"Start over": "=restart", "Later": "=later", "Hand over to a colleague": "=colleague"}
OF_TICKET = {"Add details": "=details", "Summary": "=summary"}


# ---------------------------------------------------------------- steps


def test_a_step_shows_everything_in_the_order_of_every_channel() -> None:
    drawn = card()
    rich = "rich_text"
    assert kinds(drawn) == [
        *("context", "header"),
        *(rich, "image", rich, rich, rich, rich, "context", "actions"),
    ]
    assert drawn.blocks[0]["elements"][0]["text"] == "Step 1 of 1 ▰"
    assert drawn.blocks[1]["text"] == {"type": "plain_text", "text": "Plug it in", "emoji": False}
    words = [shown(Message(text="-", blocks=(block,))) for block in drawn.blocks]
    assert words[2:-1] == [
        "Take the plug and:Push it in, gently.until it clicksType on.\nThen wait.",
        "A plug in a socket",
        "Helpful linksThe manual",
        "⚠️ Please note\nNever with wet hands.",
        "Why?\nWithout power it stays dark.",
        "Fixed it means that it shines.",
        "Never share your password here.",
    ]


def test_words_become_rich_text_node_by_node() -> None:
    elements = card().blocks[2]["elements"]
    assert [element["type"] for element in elements] == [
        "rich_text_section",
        "rich_text_list",
        "rich_text_list",
        "rich_text_list",
        "rich_text_section",
    ]
    first, deeper, second = elements[1:4]
    assert (first["style"], first.get("offset"), first.get("indent")) == ("ordered", None, None)
    assert (deeper["style"], deeper["indent"]) == ("bullet", 1)
    assert (second["style"], second["offset"]) == ("ordered", 1), "it counts on after the list within"
    assert second["elements"][0]["elements"][1] == {"type": "text", "text": "on", "style": {"code": True}}
    assert elements[0]["elements"][1] == {"type": "text", "text": "plug", "style": {"bold": True}}


def test_a_link_in_the_words_is_a_link_and_keeps_its_style() -> None:
    drawn = card(
        flow(text="See **[the page](https://lamps.example/a?b=1&c=2)** or [us](mailto:a@lamps.example).")
    )
    assert drawn.blocks[2]["elements"][0]["elements"][1] == {
        "type": "link",
        "url": "https://lamps.example/a?b=1&c=2",
        "text": "the page",
        "style": {"bold": True},
    }
    assert drawn.blocks[2]["elements"][0]["elements"][3]["url"] == "mailto:a@lamps.example"


def test_the_primary_answer_comes_first_and_the_rest_is_in_the_menu() -> None:
    drawn = card()
    assert pressed(drawn) == {
        "Fixed it": "fixed",
        "Still failing": "still-failing",
        "Talk to a person": "=person",
        **ALWAYS,
    }
    elements = drawn.blocks[-1]["elements"]
    assert [element["type"] for element in elements] == ["button", "button", "overflow"]
    assert [element.get("style") for element in elements] == ["primary", None, None]
    assert Button.parse(elements[0]["value"]) == Button(conversation=HERE, turn=1, choice="fixed")


def test_back_stands_in_the_menu_once_there_is_a_step_behind() -> None:
    assert "Back" not in pressed(card())
    assert pressed(card(path=("elsewhere",)))["Back"] == "=back"


def test_more_than_five_answers_become_a_menu() -> None:
    five = tuple(Choice(id=f"c{number}", label=f"Choice {number}", to="plug") for number in range(5))
    assert kinds(card(flow(choices=five)))[-1] == "actions"
    assert len(card(flow(choices=five)).blocks[-1]["elements"]) == 6
    six = (*five, Choice(id="c5", label="Choice 5", to="plug"))
    menu = card(flow(choices=six)).blocks[-1]["elements"][0]
    assert (menu["type"], menu["placeholder"]["text"], len(menu["options"])) == (
        "static_select",
        "Choose an answer…",
        6,
    )
    assert pressed(card(flow(choices=six)))["Choice 5"] == "c5"


def test_no_answer_is_lost_however_many_there_are() -> None:
    many = tuple(Choice(id=f"c{number}", label=f"Choice {number}", to="plug") for number in range(250))
    assert set(pressed(card(flow(choices=many)))) >= {choice.label for choice in many}


def test_only_a_picture_that_slack_can_fetch_is_shown() -> None:
    assert "image" not in kinds(card(flow(image=Image(src="plug.png", alt="A plug"))))
    assert "image" not in kinds(card(flow(image=Image(src="http://lamps.example/plug.png"))))
    without = card(flow(image=Image(src="https://lamps.example/plug.png"))).blocks[3]
    assert without["alt_text"] == "Picture of this step"


def test_who_comes_back_reads_first_where_it_happens() -> None:
    assert "Before you continue\nThe lamp stands on the desk." in shown(card(again=True))
    assert "desk" not in shown(card())


def test_the_text_says_the_step_to_those_who_hear_it() -> None:
    assert card().text.splitlines() == [
        "Step 1 of 1: Plug it in",
        "Take the plug and:",
        "",
        "1. Push it in, gently.",
        "   - until it clicks",
        "2. Type on.",
        "",
        "Then wait.",
        "Never with wet hands.",
        "Fixed it means that it shines.",
        "Answers: Fixed it, Still failing",
    ]


def test_two_cards_have_no_block_id_in_common() -> None:
    at = conversation(flow(), status=Status.WAITING, ticket=71)
    ids = [
        {block.get("block_id") for block in slack_card.card(prompt(flow(), at, {}), at, of).blocks} - {None}
        for of in ("effect.1", "effect.2")
    ]
    assert all(ids)
    assert not ids[0] & ids[1]


# ---------------------------------------------------------------- the other cards


def test_a_step_with_an_open_ticket_offers_what_the_ticket_does() -> None:
    drawn = card(status=Status.WAITING, ticket=71, team="maker")
    assert "Ticket #71 is open. You can keep trying while you wait." in shown(drawn)
    answers = {"Fixed it": "fixed", "Still failing": "still-failing"}
    assert pressed(drawn) == answers | ALWAYS | OF_TICKET | {"Cancel ticket": "=withdraw"}


def test_the_waiting_card_offers_that_it_works_now_and_the_ticket() -> None:
    drawn = card(status=Status.WAITING, exited=True, ticket=71, team="maker", path=("plug",))
    assert "Ticket #71 is for the lamp maker." in shown(drawn)
    first = {"It works now": "fixed"}
    assert pressed(drawn) == first | OF_TICKET | {"Cancel ticket": "=withdraw", "Back": "=back"} | ALWAYS
    assert drawn.blocks[-1]["elements"][0]["style"] == "primary"


def test_with_an_agent_only_the_ticket_is_offered() -> None:
    assert pressed(card(status=Status.WITH_AGENT, ticket=71)) == OF_TICKET


def test_what_has_ended_can_come_back() -> None:
    drawn = card(status=Status.CLOSED, ticket=71)
    assert pressed(drawn) == {"It's happening again": "=reopen"}
    assert kinds(drawn) == ["header", "rich_text", "actions"]


def test_what_was_solved_can_come_back_and_asks_how_it_went_until_that_is_said() -> None:
    drawn = card(status=Status.RESOLVED, ticket=71)
    scores = {
        "1 · Poor": "=rate-1",
        "2 · Fair": "=rate-2",
        "3 · OK": "=rate-3",
        "4 · Good": "=rate-4",
        "5 · Great": "=rate-5",
    }
    assert pressed(drawn) == {"It's happening again": "=reopen", **scores}
    assert kinds(drawn) == ["header", "rich_text", "actions", "context", "actions"]
    said_so = card(status=Status.RESOLVED, ticket=71, rated=4)
    assert pressed(said_so) == {"It's happening again": "=reopen", "Add a comment": "=rate-more"}
    everything = card(status=Status.RESOLVED, ticket=71, rated=4, rating_has_words=True)
    assert pressed(everything) == {"It's happening again": "=reopen"}


def test_the_picker_offers_every_guide_and_a_person() -> None:
    picker = shelf_of_the_library().picker
    drawn = card(picker)
    assert "Start over" not in pressed(drawn)
    assert pressed(drawn)["Talk to a person"] == "=person"
    assert "context" not in kinds(drawn), "nobody counts the steps of one question"
