"""Plays the customer in each place: a page in a browser, a thread in Slack, one in Discord, a forum post."""

import re
from html import unescape
from typing import Any

from adapters.web.api.responses import state
from tests.adapters.web.support.visitor import Browser
from tests.fakes.discord import Channel, Message
from tests.fakes.slack import labels
from tests.stories.pairs.support.customer import Customer
from tests.stories.pairs.support.product import Product, eventually

Json = dict[str, Any]

HELP = "C1HELP"


class OnThePage(Customer):
    """A browser without JavaScript, which reloads the page for each look. The page does not ask for a name."""

    name, platform = "", "web"

    def __init__(self, product: Product) -> None:
        super().__init__(product)
        self._seen: list[str] = []
        self._browser = Browser(product.client(self._seen))

    async def come(self) -> str:
        await (await self._browser.open("/")).press(f"flow:{self.flow}")
        self._path = self._browser.path
        return self._path.rpartition("/")[2]

    async def press(self, label: str) -> None:
        await self._browser.press((await self._buttons())[label])

    async def say(self, text: str) -> None:
        await self._browser.open(self._path)
        await self._browser.press("said", text=text)

    async def messages(self) -> list[str]:
        await self._browser.open(self._path)
        bubbles = re.findall(r"<li.*?</li>|<h[12].*?</h[12]>|<p.*?</p>", self._browser.page, re.DOTALL)
        return [_read(one) for one in bubbles]

    async def offered(self) -> list[str]:
        return [*await self._buttons()]

    async def keeps(self, label: str) -> Any:
        do = (await self._buttons())[label]
        return self._browser.form(do), do

    async def presses_kept(self, kept: Any, label: str) -> None:
        form, do = kept
        await self._browser.post(form, do=do)

    async def told(self) -> str:
        found = re.search(r'<p class="notice".*?</p>', self._browser.page, re.DOTALL)
        return _read(found[0]) if found else ""

    async def sent(self) -> str:
        screen = await self.product.app.look(self.conversation)
        assert screen is not None
        return "\n".join([*self._seen, screen.model_dump_json(), state(screen).model_dump_json()])

    async def _buttons(self) -> dict[str, str]:
        """Return what each enabled button does, by label."""
        await self._browser.open(self._path)
        found = re.findall(
            r'<button[^>]*name="do" value="([^"]+)">(.*?)</button>', self._browser.page, re.DOTALL
        )
        return {_read(label): unescape(do) for do, label in found}


def _read(markup: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", markup))).strip()


class InSlack(Customer):
    """A thread in a channel, started by mentioning the bot."""

    name, platform = "ana", "slack"

    def __init__(self, product: Product) -> None:
        super().__init__(product)
        assert product.slack is not None
        self.slack = product.slack
        self.ana = self.slack.person("U1ANA", name="Ana", locale="de-DE", tz="Europe/Berlin")
        self.thread = ""

    async def come(self) -> str:
        self.thread = await self.ana.mentions(HELP, "lamp is dark")

        async def found() -> object:
            return await self.product.finder.at(f"slack/{self.slack.workspace.team}/{HELP}/{self.thread}")

        await eventually(found, self.messages)
        return (await self.product.finder.of(f"slack:{self.slack.workspace.team}:U1ANA"))[0].id

    async def press(self, label: str) -> None:
        assert (await self.ana.presses(self._with(label), label)).acked

    async def say(self, text: str) -> None:
        await self.ana.writes(HELP, text, thread=self.thread)

    async def messages(self) -> list[str]:
        return [str(one["text"]) for one in self.slack.by_the_app(HELP, self.thread)]

    async def offered(self) -> list[str]:
        return [label for one in self.slack.by_the_app(HELP, self.thread) for label in labels(one)]

    async def keeps(self, label: str) -> Any:
        return self._with(label)

    async def presses_kept(self, kept: Any, label: str) -> None:
        assert (await self.ana.presses(kept, label)).acked

    async def told(self) -> str:
        return "\n".join(str(one["text"]) for one in self.slack.shown_to(self.ana)[-1:])

    async def sent(self) -> str:
        rooms = self.product.rooms["slack"]
        return "\n".join(str(one.args) for one in self.slack.calls() if one.args.get("channel") not in rooms)

    def _with(self, label: str) -> Json:
        return next(one for one in self.slack.by_the_app(HELP, self.thread)[::-1] if label in labels(one))


class InDiscord(Customer):
    """A thread in a channel, started by a command. `place` is another place once the customer is there."""

    name, platform = "Ana", "discord"

    def __init__(self, product: Product) -> None:
        super().__init__(product)
        assert product.discord is not None
        self.discord = product.discord
        people = self.discord.world.people.values()
        self.ana = next(one for one in people if one.name == "Ana")
        self.guild = next(iter(self.discord.world.guilds.values()))
        self.place: Channel = self.ana.dm

    async def come(self) -> str:
        help_ = self.guild.channel("help")
        await self.ana.runs("fix", help_, problem="lamp is dark")
        await self.discord.until(lambda: self.discord.threads(help_), 30)
        self.place = self.discord.threads(help_)[-1]
        return await self._newest()

    async def _newest(self) -> str:
        async def found() -> object:
            return await self.product.app.store.places.of(f"discord:{self.ana.id}", 1)

        await eventually(found, self.messages)
        return (await self.product.app.store.places.of(f"discord:{self.ana.id}", 1))[0]

    async def press(self, label: str) -> None:
        await self.ana.presses(self._with(label), label)

    async def say(self, text: str) -> None:
        await self.ana.writes(self.place, text)

    async def messages(self) -> list[str]:
        bot = self.discord.bot
        return [one.text for one in self.discord.messages(self.place) if one.author is bot]

    async def offered(self) -> list[str]:
        return [label for one in self.discord.messages(self.place) for label in one.buttons]

    async def keeps(self, label: str) -> Any:
        message = self._with(label)
        return message, len(message.versions) - 1

    async def presses_kept(self, kept: Any, label: str) -> None:
        message, version = kept
        await self.ana.presses(message, label, version=version)

    async def told(self) -> str:
        return "\n".join(one.text for one in self.discord.shown_to(self.ana)[-1:])

    async def sent(self) -> str:
        """Return the calls to the customer's place, without those about the agents' channels and their threads."""
        rooms = {int(room) for room in self.product.rooms["discord"]}
        known = self.discord.world.channels.values()
        theirs = rooms | {one.id for one in known if one.parent is not None and one.parent.id in rooms}
        calls = [
            str(call.json)
            for call in self.discord.calls()
            if not theirs & {int(part) for part in call.path.split("/") if part.isdigit()}
            and not call.path.startswith(("/interactions/", "/webhooks/"))
        ]
        shown = [str(one.versions) + one.content for one in self.discord.shown_to(self.ana)]
        answers = [str(one.answers) for one in self.discord.interactions() if one.user is self.ana.user]
        stands = [str(one.versions) + one.content for one in self.discord.messages(self.place)]
        return "\n".join([*calls, *shown, *answers, *stands])

    def _with(self, label: str) -> Message:
        return next(one for one in self.discord.messages(self.place)[::-1] if label in one.buttons)


class InAPost(InDiscord):
    """A post in the forum, where the bot asks for a person by another label."""

    for_a_person = "Ask the helpers"

    async def come(self) -> str:
        self.place = await self.ana.posts(self.guild.channel("support"), "lamp is dark", "Help!")
        return await self._newest()


class InMessages(InDiscord):
    """Direct messages with the bot."""

    async def come(self) -> str:
        await self.ana.dms("lamp is dark")
        return await self._newest()


CUSTOMERS: dict[str, type[Customer]] = {"web": OnThePage, "slack": InSlack, "discord": InDiscord}
