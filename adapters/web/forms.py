"""Reads forms, which are UTF-8, and numbers in addresses, which have a length. All else is refused by name."""

import re
from typing import Final

from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData
from starlette.requests import Request

from adapters.web.failures import Failure
from adapters.web.guard import BODY_LIMIT, files_at
from adapters.web.texts import PAGE

KINDS: Final = (b"application/x-www-form-urlencoded", b"multipart/form-data")
UTF_8: Final = ("utf-8", "utf8")

DIGITS: Final = re.compile(r"[0-9]{1,9}")
"""A number in an address: shorter than any that Python, Lua or a store's key would trip over."""


async def read_form(request: Request, fields: int) -> FormData:
    """Read a form of at most that many fields. Raises Failure if it is no form, or in another charset than UTF-8.

    Other charsets are not decoded: Python has some that run away with a text (`unicode_escape`, `idna`).
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    charset = options.get(b"charset", b"utf-8").decode("latin-1").strip().lower()
    if kind not in KINDS or charset not in UTF_8:
        raise Failure(415, "media_type", PAGE["form_charset"])
    if kind == KINDS[0] and (await request.body()).count(b"&") > fields:
        raise Failure(400, "malformed", PAGE["unreadable"])  # the parser takes 1.5 s for a megabyte of them
    most = {"max_fields": fields, "max_part_size": BODY_LIMIT}
    return await request.form(max_files=files_at(request.url.path), **most)


def number_in(request: Request, name: str) -> int:
    """Return a number of the address. Raises Failure, as for any page that does not exist, if it is none."""
    text = str(request.path_params[name])
    if not DIGITS.fullmatch(text):
        raise Failure(404, "not_found", PAGE["no_page"])
    return int(text)
