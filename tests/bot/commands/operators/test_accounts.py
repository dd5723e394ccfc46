"""Tests `accounts`: creating sign-in links, listing the desk's users, and removing them."""

import asyncio

import httpx

from adapters.web.desk import sessions
from bot.ports import Account
from bot.sign_in import INVITE_S, SignIn
from bot.wiring.demo import STORIES, seed
from flows.conversation import Status
from tests.adapters.web.support.site import open_place
from tests.bot.commands.support.shell import Shell


def test_a_link_is_printed_with_the_address_of_the_page(shell: Shell) -> None:
    made = shell.run("accounts", "invite", "Ana", "--role", "admin", PUBLIC_URL="https://help.example")
    assert made.exit_code == 0, made.output
    assert made.stdout.startswith("https://help.example/desk/in/")
    assert shell.run("accounts", "invite", "--role", "emperor").exit_code == 2
    assert "No accounts yet" in shell.run("accounts", "list").stdout


def test_who_has_an_account_is_listed_given_a_link_and_put_out(shell: Shell) -> None:
    async def given() -> None:
        from bot.wiring.app import open_app, sign_in
        from bot.wiring.settings import load_settings

        async with open_app(load_settings()) as app:
            token = await sign_in(app).invite("agent")
            assert await sign_in(app).accept(token, "Ana")

    asyncio.run(given())
    assert [one["name"] for one in shell.json("accounts", "list")] == ["Ana"]
    assert "/desk/in/" in shell.run("accounts", "link", "ana").stdout
    assert shell.run("accounts", "link", "ben").exit_code == 1
    assert shell.run("accounts", "remove", "Ana").stdout == "Removed Ana.\n"
    assert shell.json("accounts", "list") == []


async def test_an_invitation_lasts_three_days_and_a_link_follows_its_account() -> None:
    async with open_place() as place:
        store = place.app.store
        sign_in = SignIn(store.vault, store.accounts, lambda: 5)
        token = await sign_in.invite("agent", "Ana")
        assert await store.wire.ask("TTL", store.wire.keys.vault(token)) in range(INVITE_S - 5, INVITE_S + 1)
        account = await sign_in.accept(token, "Ana")
        assert account is not None
        assert (account.name, account.role, account.made) == ("Ana", "agent", 5)
        again = await sign_in.link(account)
        await store.accounts.remove(account.id)
        assert await sign_in.peek(again) is None
        assert await sign_in.accept(again, "") is None
        await store.accounts.put(Account(id="b", name="Ben", role="agent"))
        assert await sign_in.first() is None


async def test_the_example_fills_the_queue_and_only_once() -> None:
    async with open_place() as place:
        for _ in range(2):
            await seed(place.app.receive, place.app.store.views)
        assert place.site.desk is not None
        queue = place.site.desk.queue
        seen = await queue.look()
        done = await queue.aged(seen, "resolved", 0, 9)
        cases = await queue.cases([*seen.open, *done.lines])
        states = sorted(case.conversation.status.value for case in cases)
        assert states == ["resolved", "waiting", "waiting", "waiting", "with_agent"]
        assert {case.conversation.name for case in cases} < {name for name, _ in STORIES}
        kept = [await place.app.look(case.conversation.id) for case in cases]
        assert not any(screen and "update of last night" in screen.model_dump_json() for screen in kept)
        assert sum(case.conversation.status is Status.WITH_AGENT for case in cases) == 1


async def test_run_prints_the_desk_and_the_first_link_until_somebody_is_in(shell: Shell) -> None:
    with shell.running("run", PORT="0", DEMO="1") as process:
        assert process.stdout
        lines = iter(process.stdout.readline, "")
        said = next(line for line in lines if "/desk/in/" in line)
        link = said.split()[2]
        async with httpx.AsyncClient() as client:
            page = await client.get(link)
            assert "the first admin" in page.text
            proof = page.text.partition('name="proof" value="')[2].partition('"')[0]
            answer = await client.post(link, data={"proof": proof, "name": "Ana"})
            assert answer.status_code == 303
            assert sessions.COOKIE in client.cookies
            queue = await client.get(link.partition("/desk/")[0] + "/desk")
            assert "Maria Lopez" in queue.text
    with shell.running("run", PORT="0") as process:
        assert process.stdout
        said = ""
        for line in iter(process.stdout.readline, ""):
            said += line
            if "To stop" in line:
                break
        assert "/desk" in said
        assert "/desk/in/" not in said
