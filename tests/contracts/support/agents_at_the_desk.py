"""Plays an agent at the web desk for the contract suite of an agents' place, by reading the desk's HTML."""

import re
from html import unescape
from typing import Any, Final

from adapters.web.desk.inbound import VERBS
from flows.orders import Verb
from flows.text.agent_phrases import phrase
from tests.adapters.web.support.agent import any_hidden
from tests.contracts.support.agents_place import Drawn, PlaceAgent, answers_of, label
from tests.stories.pairs.support.agent import NOTE
from tests.stories.pairs.support.desks import AtTheDesk

ACTS: Final = {verb: act for act, verb in VERBS.items()} | {
    "reply": "reply",
    "guide": "hand-back",
    "take": "transfer",
}
"""The last part of the address of an order's form."""


class WebDesk(AtTheDesk, PlaceAgent):
    """An agent at the desk. Posts may send what the page does not offer, as from an outdated page."""

    spellings: tuple[str, ...] = (NOTE, f"!{NOTE}", f"! {NOTE}", f"!close {NOTE}")

    async def head(self) -> str:
        """Return the queue's line, including tickets with the bot."""
        guiding = (await (await self.signs_in()).open("/desk?tab=guiding")).page
        return await super().head() + _words(guiding)

    async def offered(self) -> list[str]:
        page = await self._page()
        acts = _first(r'<section class="card acts".*?</section>', page)
        pattern = r'<details class="act"[^>]*><summary[^>]*>(.*?)</summary>|<button id=[^>]*>(.*?)</button>'
        box = _first(r'<textarea id="reply"[^>]*>', page)
        reply = [] if "readonly" in box else [phrase("action_reply")]
        return [*reply, *(_words(one or other) for one, other in re.findall(pattern, acts, re.DOTALL))]

    async def instead(self) -> list[str]:
        """Return the labels beside the refusal: the actions that remain, the suggested one first."""
        return [each for each in await self.offered() if each in (label("claim"), label("take"))]

    async def alerted(self) -> int:
        """Return 1 while the ticket is among the agent's own that need a reply, which the queue's title counts."""
        mine = (await (await self.signs_in()).open("/desk?tab=mine&turn=reply")).page
        return int(self.customer.conversation in mine)

    async def press_instead(self) -> None:
        (offered,) = await self.instead()
        await self.does("claim" if offered == label("claim") else "take")

    async def does(self, verb: Verb, **answers: Any) -> None:
        given = answers_of(verb, answers)
        desk = await self.signs_in()
        if verb == "transfer":
            agent: WebDesk | None = given.pop("agent", None)
            given = {"to": await agent.as_a_choice() if agent else f"team:{given['team']}"}
        elif verb == "take":
            given = {"to": f"agent:{desk.account.id}"}
        elif verb == "back":
            given["at"] = given.pop("step")
        elif verb == "guide":
            given = {"at": f"{given['guide']}/{given['step']}"}
        elif "ready" in given:
            given = {"text": await self._prefilled(given["ready"])}
        await self._posts(ACTS[verb], given)

    async def as_a_choice(self) -> str:
        """Return this person's value in a transfer's menu. Someone who is not an agent has no account."""
        is_agent = self.name in ("Max", "Kim")
        return f"agent:{(await self.signs_in()).account.id}" if is_agent else "agent:nobody"

    async def _posts(self, act: str, given: dict[str, Any]) -> None:
        """Post a form, and accept any answer, which the screen shows."""
        desk = await self.signs_in()
        path = f"/desk/c/{self.customer.conversation}"
        await desk.open(path)
        sent = any_hidden(desk.page) | given
        answer = await desk.client.post(f"{path}/{act}", data=sent, follow_redirects=True)
        assert answer.status_code in (200, 409, 422), answer.text
        desk.page = answer.text

    async def _prefilled(self, saved: str) -> str:
        desk = await self.signs_in()
        await desk.open(f"/desk/c/{self.customer.conversation}?ready={saved}")
        return unescape(_first(r'<textarea id="reply"[^>]*>(.*?)</textarea>', desk.page))

    async def asked(self, verb: Verb) -> Drawn:
        page = await self._page()
        if verb == "reply":
            saved = re.findall(r"<li><a [^>]*data-ready=[^>]*><strong>(.*?)</strong>", page)
            return [("", []), ("", [_words(each) for each in saved])]
        head = re.escape(label(verb))
        form = _first(rf"<summary[^>]*>{head}</summary>\s*(<form.*?</form>)", page)
        return _questions(form)

    async def note(self, text: str) -> Any:
        """Write a note. The desk asks about a note that begins like a reply; confirm the note."""
        if text.startswith("!"):
            await self._do("note", 409, text=text)
            await (await self.signs_in()).post(await self.customer.at(), "note", text=text, sure="yes")
        else:
            await self._do("note", text=text)
        return text

    async def edit(self, line: Any, text: str) -> None:
        await self._do("change", version=await self._version(line), text=text)

    async def delete(self, line: Any) -> None:
        await self._do("take-back", version=await self._version(line))

    async def _version(self, line: str) -> str:
        found = re.findall(
            r'<li class="said [^"]*" id="line-(\d+)">(.*?)</li>', await self._page(), re.DOTALL
        )
        return str(next(number for number, markup in found if line in _words(markup)))

    async def reply_twice(self, text: str) -> None:
        desk = await self.signs_in()
        path = f"/desk/c/{self.customer.conversation}"
        sent = any_hidden((await desk.open(path)).page) | {"text": text}
        for _time in range(2):
            await desk.client.post(f"{path}/reply", data=sent)

    async def is_turned_away(self, verb: Verb) -> None:
        """Give that order in a browser without a session."""
        client = self.product.client([])
        path = f"/desk/c/{self.customer.conversation}/{ACTS[verb]}"
        async with client:
            answer = await client.post(path, data={"text": "x", "to": "team:safety", "key": "k"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/desk/sign-in")


def _first(pattern: str, page: str) -> str:
    found = re.search(pattern, page, re.DOTALL)
    assert found is not None, pattern
    return str(found[found.re.groups])


def _words(markup: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", markup))).strip()


def _questions(form: str) -> Drawn:
    """Return a form's questions by label. The groups of a menu are separate questions, of which one is answered."""
    found: Drawn = []
    pattern = r'<label for="([^"]+)">(.*?)</label>\s*(<textarea|<select.*?</select>)'
    for _id, asks, field in re.findall(pattern, form, re.DOTALL):
        groups = re.findall(r'<optgroup label="([^"]*)">(.*?)</optgroup>', field, re.DOTALL)
        if groups:
            found += [(unescape(name), _options(inside)) for name, inside in groups]
        else:
            name = _words(re.sub(r'<span class="hint">.*?</span>', "", asks, flags=re.DOTALL))
            found.append((name.removesuffix(" (optional)"), _options(field)))
    for asks, ticks in re.findall(r"<summary>(.*?)</summary>\s*<fieldset(.*?)</fieldset>", form, re.DOTALL):
        found.append((_words(asks), [_words(each) for each in re.findall(r"<label>(.*?)</label>", ticks)]))
    return found


def _options(field: str) -> list[str]:
    return [_words(each) for each in re.findall(r"<option[^>]*>(.*?)</option>", field, re.DOTALL)]
