"""Tells how bold words, code, quotes, emoji and names get from one platform to the other, and how a secret does not."""

from flows.text.secrets.masking import HIDDEN
from tests.stories.pairs.support.customers import InDiscord
from tests.stories.pairs.support.pairs import open_pair
from tests.stories.pairs.support.rooms import InSlack


async def test_words_reach_the_other_side_as_they_were_written() -> None:
    async with open_pair("discord", "slack") as pair:
        customer, agent = pair.customer, pair.agent
        assert isinstance(customer, InDiscord)
        assert isinstance(agent, InSlack)
        words = pair.product.app.store.conversations.words
        await customer.asks_for_a_person()
        await agent.replies(
            f"*Press* the `reset` button, <@{agent.person.id}> says :wave:\n• once\n```it hums```"
        )
        assert (await customer.messages())[-1] == (
            f"**{agent.name}**\n**Press** the `reset` button, @{agent.name} says 👋\n\n- once\n\n```\nit hums\n```"
        )
        text = f"**It's** ~~on~~ off, <@{customer.ana.id}> <:lamp:77>\n> it *hums*"
        said = await customer.ana.writes(customer.place, text)
        await agent.sees("It's ~on~ off, @Ana :lamp:")
        assert _drawn(agent, "It's") == [
            {"type": "rich_text_section", "elements": [_text("Ana\n", "bold"), *_off()]},
            {"type": "rich_text_quote", "elements": [_text("it "), _text("hums", "italic")]},
        ]
        await customer.ana.edits(said, "**It's** off. password: `hunter2`**hunter2**")
        await agent.sees(f"It's off. password: {HIDDEN}")
        assert "hunter" not in str(_drawn(agent, "It's")) + str(await words(customer.conversation))
        await customer.ana.deletes(said)
        await agent.sees("deleted")
        assert "off" not in str(await words(customer.conversation))


def _text(text: str, style: str = "") -> dict[str, object]:
    return {"type": "text", "text": text} | ({"style": {style: True}} if style else {})


def _off() -> list[dict[str, object]]:
    return [_text("It's", "bold"), _text(" "), _text("on", "strike"), _text(" off, @Ana :lamp:")]


def _drawn(agent: InSlack, words: str) -> list[dict[str, object]]:
    """Return the rich text of the last line in the agents' thread that has those words."""
    thread = agent.slack.thread(agent.room, str(agent.heads[-1]["ts"]))
    line = next(one for one in thread[::-1] if words in one["text"])
    found: list[dict[str, object]] = next(one for one in line["blocks"] if one["type"] == "rich_text")[
        "elements"
    ]
    return found
