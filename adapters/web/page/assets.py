"""The page's files: one style sheet, one script, one icon, and pictures that lie beside a flow."""

from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.web.site import Site
from flows.flow import Image

FOREVER: Final = {"cache-control": "public, max-age=31536000, immutable"}
"""For addresses that change with what is behind them."""

_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_FOLDER: Final = Path(__file__).parents[1] / "static"


class Assets:
    """The files, read once; small enough to be held."""

    def __init__(self, site: Site) -> None:
        """Reads the folder `static`."""
        self._site = site
        self._files = {path.name: path.read_bytes() for path in _FOLDER.iterdir() if path.suffix in _TYPES}
        self._marks = {name: sha256(content).hexdigest()[:10] for name, content in self._files.items()}

    def routes(self) -> list[Route]:
        """Where they are served."""
        return [Route("/static/{mark}/{name}", self.file), Route("/pictures/{revision}/{name}", self.picture)]

    def address(self, name: str) -> str:
        """Where a file is; the address changes with its content."""
        return f"/static/{self._marks[name]}/{name}"

    def image(self, revision: str, image: Image | None, site: str = "") -> Image | None:
        """The picture with an address a browser can load, or None when nobody has it. `site` goes before it."""
        if image is None or image.src.startswith("https://"):
            return image
        if self._site.picture is None:
            return None
        return Image(src=f"{site}/pictures/{quote(revision)}/{quote(image.src)}", alt=image.alt)

    async def file(self, request: Request) -> Response:
        """One of the files; an old address still gives the present one, which is then not kept."""
        name, mark = request.path_params["name"], request.path_params["mark"]
        content = self._files.get(name)
        if content is None:
            raise HTTPException(404)
        headers = FOREVER if mark == self._marks[name] else {}
        return Response(content, headers=headers, media_type=_TYPES[Path(name).suffix])

    async def picture(self, request: Request) -> Response:
        """A picture that lies beside a flow."""
        given = self._site.picture
        found = given(request.path_params["revision"], request.path_params["name"]) if given else None
        if found is None:
            raise HTTPException(404)
        return Response(found[0], headers=FOREVER, media_type=found[1])
