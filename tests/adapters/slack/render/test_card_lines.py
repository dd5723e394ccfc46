"""Tests the messages beside the cards in Slack: texts, past steps, notes and offers."""

from adapters.slack.render import card as slack_card
from bot.ports import Delivery
from flows.button import Button
from flows.conversation import Address, Status
from flows.effects import Ask, Retire, Tell
from flows.prompts import answered, prompt, tell_words
from flows.text.markup.words import fill, parse
from flows.text.phrases import PHRASES
from tests.adapters.slack.support.prompts import card, delivery, flow, kinds
from tests.adapters.slack.support.schema_check import HERE, conversation, faults, pressed, shown

OF_TICKET = {"Add details": "=details", "Summary": "=summary"}


# ---------------------------------------------------------------- what is told


def test_an_ask_is_drawn_as_its_card() -> None:
    at = conversation(flow())
    ask = Delivery(
        effect=Ask(id="effect.1", turn=1),
        conversation=at,
        address=Address(channel="slack"),
        prompt=prompt(flow(), at, {}),
    )
    assert slack_card.message(ask) == card()


def test_what_is_told_of_a_ticket_comes_with_its_two_buttons() -> None:
    at = conversation(flow(), status=Status.WAITING, ticket=71, team="maker")
    tell = Delivery(
        effect=Tell(id="effect.1", words="escalated"),
        conversation=at,
        address=Address(channel="slack"),
        words=tell_words("escalated", flow(), at, {}),
    )
    drawn = slack_card.message(tell)
    assert drawn is not None
    assert faults(drawn) == []
    assert pressed(drawn) == OF_TICKET
    assert drawn.text.startswith("I opened ticket #71 for the lamp maker. They can't see this conversation")


def test_a_nudge_leads_back_to_the_step() -> None:
    drawn = slack_card.message(delivery(Tell(id="effect.1", words="nudge"), "How is it going?"))
    assert drawn is not None
    assert pressed(drawn) == {"Show the step": "=step"}


def test_other_words_come_without_buttons_and_none_show_nothing() -> None:
    drawn = slack_card.message(delivery(Tell(id="effect.1", words="kept"), PHRASES["kept"]))
    assert drawn is not None
    assert (kinds(drawn), pressed(drawn)) == (["rich_text"], {})
    assert slack_card.message(delivery(Tell(id="effect.1", words="intro"))) is None
    assert slack_card.message(delivery(Retire(id="effect.1"), "**Plug it in** · Fixed it")) is None


def test_a_step_behind_collapses_to_a_line_without_buttons() -> None:
    retire = Retire(id="effect.2", of="effect.1", step="plug", answer="still-failing")
    words = answered(flow(), "plug", "still-failing", {})
    drawn = slack_card.collapsed(delivery(retire).model_copy(update={"words": words}))
    assert faults(drawn) == []
    assert (len(drawn.blocks), shown(drawn), pressed(drawn)) == (1, "Plug it in · Still failing", {})
    assert drawn.text == "Plug it in · Still failing"
    assert drawn.blocks[0]["block_id"] not in {block.get("block_id") for block in card().blocks}


def test_a_step_that_nobody_knows_any_more_collapses_too() -> None:
    drawn = slack_card.collapsed(delivery(Retire(id="effect.2", of="effect.1")))
    assert faults(drawn) == []
    assert shown(drawn) == "Answered"


# ---------------------------------------------------------------- notes and offers


def test_a_note_says_its_sentence_and_leads_to_the_current_step() -> None:
    joins = Button(conversation=HERE, turn=3, built_in="joins")
    way = "https://lamps.example/archives/C1/p1700000000000100?thread_ts=1.2&cid=C1"
    drawn = slack_card.note(PHRASES["past_turn"], way, [("I'm at the computer", joins)])
    assert faults(drawn) == []
    assert shown(drawn) == PHRASES["past_turn"] + "Go to current step"
    assert pressed(drawn) == {"I'm at the computer": "=joins"}
    assert kinds(slack_card.note("Hello.")) == ["rich_text"]


def test_what_is_noted_is_never_read_as_markup() -> None:
    drawn = slack_card.note("<!channel> *now* & <https://evil.example|here>")
    assert shown(drawn) == "<!channel> *now* & <https://evil.example|here>"
    assert drawn.text == "&lt;!channel&gt; *now* &amp; &lt;https://evil.example|here&gt;"


def test_an_offer_names_the_flow_and_can_be_declined_or_switched_off() -> None:
    drawn = slack_card.offer("The lamp <stays> dark", "offer:lamp", "decline:lamp", "off:C1")
    assert faults(drawn) == []
    assert shown(drawn) == "This looks like The lamp <stays> dark. Want me to walk you through it?"
    assert drawn.text == "This looks like The lamp &lt;stays&gt; dark. Want me to walk you through it?"
    assert pressed(drawn) == {
        "Walk me through it": "offer:lamp",
        "No, thanks": "decline:lamp",
        "Don't offer this here": "off:C1",
    }
    assert pressed(slack_card.collapsed_offer("All right.")) == {}


def test_values_of_an_operator_come_out_as_their_characters() -> None:
    words = fill(parse("Call {team}."), {"team": "<!here> *us* `now` :wave:"})
    drawn = slack_card.message(delivery(Tell(id="e.1")).model_copy(update={"words": words}))
    assert drawn is not None
    assert shown(drawn) == "Call <!here> *us* `now` :wave:."
    assert "<" not in drawn.text
