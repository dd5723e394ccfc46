"""Plays a customer with a browser without JavaScript: opens pages, fills in forms, presses buttons."""

import re
from html import unescape

import httpx

from tests.adapters.web.support.site import GUIDE


class Browser:
    """A browser without JavaScript that follows redirects and submits forms."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.page = ""
        self.answer = httpx.Response(0)

    async def open(self, path: str, expected: int = 200) -> "Browser":
        return self._see(await self.client.get(path, follow_redirects=True), expected)

    async def press(self, do: str, expected: int = 200, **fields: str) -> "Browser":
        """Press the button with that value, in its form."""
        return await self.post(self.form(do), expected, do=do, **fields)

    async def post(self, form: str, expected: int = 200, **fields: str) -> "Browser":
        action = re.search(r'action="([^"]+)"', form)
        assert action
        hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
        sent = {name: unescape(value) for name, value in hidden} | fields
        return self._see(await self.client.post(action[1], data=sent, follow_redirects=True), expected)

    def form(self, do: str) -> str:
        """Return the form with that button, which must be enabled."""
        found = [
            form
            for form in re.findall(r"<form.*?</form>", self.page, re.DOTALL)
            if re.search(rf'name="do" value="{re.escape(do)}"(?! disabled)', form)
        ]
        assert found, f"no button {do}"
        return str(found[0])

    def offers(self, do: str) -> bool:
        return re.search(rf'name="do" value="{re.escape(do)}"(?! disabled)', self.page) is not None

    @property
    def text(self) -> str:
        """Return the page's text on one line."""
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", self.page)))

    @property
    def path(self) -> str:
        return self.answer.url.path

    def _see(self, answer: httpx.Response, expected: int) -> "Browser":
        assert answer.status_code == expected, answer.text
        self.answer, self.page = answer, answer.text
        return self


async def begun(browser: Browser) -> Browser:
    return await browser.press(f"flow:{GUIDE}")
