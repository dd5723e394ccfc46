"""Serves static files (style sheets, scripts and icons) and the pictures of flows."""

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
"""Caching headers for addresses that change with the file's content."""

_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_FOLDER: Final = Path(__file__).parents[1] / "static"


class Assets:
    """Serves the files of the folder `static`, which are small enough to keep in memory, and flows' pictures."""

    def __init__(self, site: Site) -> None:
        """Read the folder `static`."""
        self._site = site
        self._files = {path.name: path.read_bytes() for path in _FOLDER.iterdir() if path.suffix in _TYPES}
        self._marks = {name: sha256(content).hexdigest()[:10] for name, content in self._files.items()}

    def routes(self) -> list[Route]:
        """Return the routes of static files and pictures."""
        return [Route("/static/{mark}/{name}", self.file), Route("/pictures/{revision}/{name}", self.picture)]

    def address(self, name: str) -> str:
        """Return a static file's address, which changes with its content."""
        return f"/static/{self._marks[name]}/{name}"

    def image(self, revision: str, image: Image | None, site: str = "") -> Image | None:
        """Return a picture with an address that a browser can load; None if there is no such file.

        `site` is the beginning of the address, for clients that need an absolute one.
        """
        if image is None or image.src.startswith("https://"):
            return image
        if self._site.picture is None:
            return None
        return Image(src=f"{site}/pictures/{quote(revision)}/{quote(image.src)}", alt=image.alt)

    async def file(self, request: Request) -> Response:
        """Serve a static file. An old address serves the current file, without caching headers."""
        name, mark = request.path_params["name"], request.path_params["mark"]
        content = self._files.get(name)
        if content is None:
            raise HTTPException(404)
        headers = FOREVER if mark == self._marks[name] else {}
        return Response(content, headers=headers, media_type=_TYPES[Path(name).suffix])

    async def picture(self, request: Request) -> Response:
        """Serve a picture from a flow's folder."""
        fetch = self._site.picture
        picture = fetch(request.path_params["revision"], request.path_params["name"]) if fetch else None
        if picture is None:
            raise HTTPException(404)
        return Response(picture[0], headers=FOREVER, media_type=picture[1])
