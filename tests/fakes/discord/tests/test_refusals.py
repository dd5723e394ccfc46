"""Tests what the stand-in refuses: forms by Discord's rules, late or second answers, and faults on command."""

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
import discord
import pytest
from discord import ui

from tests.fakes.discord import Discord
from tests.fakes.discord.client_address import stand_in
from tests.fakes.discord.tests.support.client import Bot, online, step

__all__ = ["stand_in"]

V2 = 1 << 15
ROUTE = "/channels/*/messages"


def text(length: int = 1) -> dict[str, Any]:
    return {"type": 10, "content": "x" * length}


def button(**different: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "Fixed it", "custom_id": "a", **different}


def row(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(parts)}


def select(options: int = 2, **different: Any) -> dict[str, Any]:
    offered = [{"label": f"Option {number}", "value": str(number)} for number in range(options)]
    return {"type": 3, "custom_id": "s", "options": offered, **different}


def many(count: int) -> list[dict[str, Any]]:
    return [button(custom_id=str(number)) for number in range(count)]


def picture(url: str = "https://example.org/a.png") -> dict[str, Any]:
    return {"type": 12, "items": [{"media": {"url": url}}]}


GOOD: list[list[dict[str, Any]]] = [
    [text(4000)],
    [row(*many(5)), row(select(25))],
    [{"type": 17, "components": [text(), picture(), {"type": 14}, row(button())], "accent_color": 0}],
    [{"type": 9, "components": [text()], "accessory": button()}],
]

BAD: list[list[dict[str, Any]]] = [
    [text(4001)],
    [text(2001), {"type": 17, "components": [text(2000)]}],
    [text() for _ in range(41)],
    [row(*many(6))],
    [row(button(), select())],
    [row(button(custom_id="x" * 101))],
    [row(button(label="x" * 81))],
    [row(button(), button())],
    [row(select(26))],
    [row(select(0))],
    [row()],
    [button()],
    [picture("attachment://missing.png")],
    [picture("nonsense")],
    [{"type": 9, "components": [text()]}],
    [{"type": 17, "components": [{"type": 17, "components": [text()]}]}],
    [row(button(style=5, url="https://example.org"))],
]


@pytest.mark.parametrize("components", GOOD)
async def test_good_components_are_shown(stand_in: Discord, components: list[dict[str, Any]]) -> None:
    room = stand_in.guild().text("help")
    assert await posted(stand_in, room.id, {"flags": V2, "components": components}) == (200, None)
    assert stand_in.messages(room)


@pytest.mark.parametrize("components", BAD)
async def test_components_against_the_rules_are_refused(
    stand_in: Discord, components: list[dict[str, Any]]
) -> None:
    room = stand_in.guild().text("help")
    assert await posted(stand_in, room.id, {"flags": V2, "components": components}) == (400, 50035)
    assert not stand_in.messages(room)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"flags": V2, "content": "words", "components": [text()]}, 50035),
        ({"components": [text()]}, 50035),
        ({"content": "x" * 2001}, 50035),
        ({"content": ""}, 50006),
        ({"content": "x", "nonce": "x" * 26, "enforce_nonce": True}, 50035),
    ],
)
async def test_messages_against_the_rules_are_refused(
    stand_in: Discord, body: dict[str, Any], code: int
) -> None:
    assert await posted(stand_in, stand_in.guild().text("help").id, body) == (400, code)


async def posted(stand_in: Discord, channel: int, body: dict[str, Any]) -> tuple[int, int | None]:
    """Return the status and error code of a message posted without a library."""
    headers = {
        "Authorization": f"Bot {stand_in.token}",
        "User-Agent": "DiscordBot (https://example.org, 1.0)",
    }
    url = f"{stand_in.api}/channels/{channel}/messages"
    async with aiohttp.ClientSession(headers=headers) as session, session.post(url, json=body) as answer:
        return answer.status, (await answer.json()).get("code")


@pytest.mark.parametrize("path", ["/api/v10/interactions/1/a/callback", "/attachments/1/2/a.png", "/gateway"])
@pytest.mark.parametrize("agent", ["", "Python/3.11 aiohttp/3.14.5", "DiscordBot", "DiscordBot (example, 1)"])
async def test_a_client_that_does_not_name_itself_is_blocked(
    stand_in: Discord, path: str, agent: str
) -> None:
    url, headers = stand_in.world.url + path, {"User-Agent": agent}
    async with aiohttp.ClientSession(headers=headers) as session, session.get(url) as answer:
        assert (answer.status, await answer.text()) == (403, "error code: 1010")


async def test_a_message_of_components_stays_one(stand_in: Discord) -> None:
    room, bot = stand_in.guild().text("help"), Bot()
    async with online(stand_in.token, bot):
        said = await bot.get_partial_messageable(room.id).send(view=step("Restart it", "a"))
        with pytest.raises(discord.HTTPException) as refused:
            await bot.http.request(
                discord.http.Route("PATCH", f"/channels/{room.id}/messages/{said.id}"),
                json={"content": "words", "components": []},
            )
        assert refused.value.code == 50035


async def test_old_messages_can_be_edited_a_few_times_only(stand_in: Discord) -> None:
    room, bot = stand_in.guild().text("help"), Bot()
    async with online(stand_in.token, bot):
        said = await bot.get_partial_messageable(room.id).send("fresh")
        stand_in.passes(3700)
        for _ in range(3):
            await said.edit(content="old")
        with pytest.raises(discord.HTTPException) as refused:
            await said.edit(content="old")
        assert (refused.value.status, refused.value.code) == (429, 30046)


async def test_an_answer_after_three_seconds_finds_no_interaction(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room, ana, bot = guild.text("help"), guild.member("Ana"), Bot()
    async with online(stand_in.token, bot):
        await bot.get_partial_messageable(room.id).send(view=step("Restart it", "again"))
        with stand_in.faults.held("POST", "/interactions/**") as held:
            clicked = await ana.presses(stand_in.messages(room)[0], "Press again", waits=False)
            await held.reached.wait()
            stand_in.passes(3.1)
            assert clicked.failed
        await stand_in.until(lambda: bot.failures)
        assert (bot.failures, clicked.refused) == ([10062], [10062])


@pytest.mark.parametrize("scope", ["user", "shared", "global"])
async def test_a_rate_limit_is_waited_for(stand_in: Discord, scope: Any) -> None:
    room, bot = stand_in.guild().text("help"), Bot()
    async with online(stand_in.token, bot):
        stand_in.faults.limit("POST", ROUTE, seconds=0.01, scope=scope)
        await bot.get_partial_messageable(room.id).send("hello")
        assert [call.status for call in stand_in.calls("POST", ROUTE)] == [429, 200]
        assert len(stand_in.messages(room)) == 1


def cloudflare(stand_in: Discord) -> None:
    stand_in.faults.limit("POST", ROUTE, scope="cloudflare")


def refused(stand_in: Discord) -> None:
    stand_in.faults.refuse("POST", ROUTE, 50013)


def revoked(stand_in: Discord) -> None:
    stand_in.faults.refuse("*", "**", 0)


@pytest.mark.parametrize(("fault", "status"), [(cloudflare, 429), (refused, 403), (revoked, 401)])
async def test_an_error_asked_for_comes_once(
    stand_in: Discord, fault: Callable[[Discord], None], status: int
) -> None:
    room, bot = stand_in.guild().text("help"), Bot()
    async with online(stand_in.token, bot):
        fault(stand_in)
        with pytest.raises(discord.HTTPException) as failed:
            await bot.get_partial_messageable(room.id).send("hello")
        assert failed.value.status == status
        await bot.get_partial_messageable(room.id).send("hello")
        assert len(stand_in.messages(room)) == 1


async def test_a_server_error_is_tried_again_by_the_client(stand_in: Discord) -> None:
    room, bot = stand_in.guild().text("help"), Bot()
    async with online(stand_in.token, bot):
        stand_in.faults.refuse("POST", ROUTE, 502)
        await bot.get_partial_messageable(room.id).send("hello")
        assert [call.status for call in stand_in.calls("POST", ROUTE)] == [502, 200]


async def test_an_answer_lost_after_the_work_leaves_the_message_there(stand_in: Discord) -> None:
    room, bot = stand_in.guild().text("help"), Bot()
    async with online(stand_in.token, bot):
        stand_in.faults.lose("POST", ROUTE)
        at = bot.get_partial_messageable(room.id)
        with pytest.raises(aiohttp.ClientError):
            await at.send("hello", nonce="c1:4")
        again = await at.send("hello", nonce="c1:4")
        assert [one.id for one in stand_in.messages(room)] == [again.id]


async def test_a_slow_call_is_answered_in_the_end(stand_in: Discord) -> None:
    room, bot = stand_in.guild().text("help"), Bot()
    async with online(stand_in.token, bot):
        stand_in.faults.slow("POST", ROUTE, seconds=0.05)
        sending = asyncio.create_task(bot.get_partial_messageable(room.id).send("hello"))
        await stand_in.until(lambda: stand_in.calls("POST", ROUTE))
        assert not stand_in.messages(room)
        await sending
        assert stand_in.messages(room)


async def test_a_form_against_the_rules_is_refused(stand_in: Discord) -> None:
    guild = stand_in.guild()
    room, ana = guild.text("help"), guild.member("Ana")
    bot = Bot()

    async def too_long(interaction: discord.Interaction, _: str) -> None:
        words: ui.TextInput[ui.Modal] = ui.TextInput(custom_id="words")
        form = ui.Modal(title="x" * 46, custom_id="form")
        form.add_item(ui.Label(text="What happened?", component=words))
        await interaction.response.send_modal(form)

    bot._press = too_long  # type: ignore[method-assign, assignment]  # one client that asks too long a question
    async with online(stand_in.token, bot):
        await bot.get_partial_messageable(room.id).send(view=step("Stuck?", "ask"))
        asked = await ana.presses(stand_in.messages(room)[0], "Press ask", waits=False)
        await stand_in.until(lambda: asked.refused)
        assert asked.refused == [50035]


@pytest.mark.parametrize(("size", "status"), [(9, 200), (10, 413)])
async def test_a_file_above_the_limit_of_the_server_is_refused(
    stand_in: Discord, size: int, status: int
) -> None:
    guild = stand_in.guild()
    guild.largest_file = 9
    form = aiohttp.FormData()
    form.add_field("payload_json", '{"content": "look", "attachments": [{"id": "0", "filename": "a.txt"}]}')
    form.add_field("files[0]", b"x" * size, filename="a.txt")
    url = f"{stand_in.api}/channels/{guild.text('help').id}/messages"
    headers = {
        "Authorization": f"Bot {stand_in.token}",
        "User-Agent": "DiscordBot (https://example.org, 1.0)",
    }
    async with aiohttp.ClientSession(headers=headers) as session, session.post(url, data=form) as answer:
        assert answer.status == status
