"""Checks a message's components: where each is allowed, how many, and how long their texts may be."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.fakes.discord.refusals import Wrong
from tests.fakes.discord.state import V2, Json, pruned, walk

Path = tuple[str | int, ...]

ROW, BUTTON, STRINGS, TEXT_INPUT, USERS, ROLES, MENTIONABLES, CHANNELS = range(1, 9)
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER, LABEL = 9, 10, 11, 12, 13, 14, 17, 18
SELECTS = {STRINGS, USERS, ROLES, MENTIONABLES, CHANNELS}
IN_CONTAINER = {ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR}
ON_TOP = IN_CONTAINER | {CONTAINER}

MOST_COMPONENTS = 40
MOST_TEXT = 4000
MOST_ROWS = 5


def check_components(components: list[Json], flags: int, files: set[str]) -> None:
    """Refuse components that Discord would refuse. `files` are the names to which attachment:// may refer."""
    components = pruned(components)
    wrong = Wrong()
    rules = Rules(wrong, files)
    v2 = bool(flags & V2)
    if not v2 and len(components) > MOST_ROWS:
        wrong.length(("components",), components, 0, MOST_ROWS)
    for index, part in enumerate(components):
        rules.part(("components", index), part, ON_TOP if v2 else {ROW})
    _count(components, wrong)
    wrong.check()


def _count(components: list[Json], wrong: Wrong) -> None:
    """Check the limits of all components together."""
    every = walk(components)
    if len(every) > MOST_COMPONENTS:
        wrong.say(("components",), f"The total number of components cannot exceed {MOST_COMPONENTS}")
    texts = sum(len(part.get("content") or "") for part in every if part.get("type") == TEXT)
    if texts > MOST_TEXT:
        wrong.say(("components",), f"The total displayable text size exceeds the maximum of {MOST_TEXT}")
    for field in ("custom_id", "id"):
        given = Counter(part[field] for part in every if part.get(field))
        for value in (value for value, times in given.items() if times > 1):
            wrong.say(("components",), f"{field} {value} is used twice", "COMPONENT_CUSTOM_ID_DUPLICATED")


class Rules:
    """Checks each kind of component, and reports faults to `wrong`."""

    def __init__(self, wrong: Wrong, files: set[str]) -> None:
        self.wrong = wrong
        self.files = files
        self.kinds: dict[int, Callable[[Path, Json], None]] = {
            ROW: self.row,
            BUTTON: self.button,
            SECTION: self.section,
            TEXT: self.text,
            THUMBNAIL: self.thumbnail,
            GALLERY: self.gallery,
            FILE: self.file,
            SEPARATOR: self.separator,
            CONTAINER: self.container,
            **dict.fromkeys(SELECTS, self.select),
        }

    def part(self, path: Path, part: Json, allowed: set[int]) -> None:
        kind = part.get("type")
        if kind not in allowed or kind not in self.kinds:
            words = f"Value of field 'type' must be one of {sorted(allowed)}."
            self.wrong.say((*path, "type"), words, "UNION_TYPE_CHOICES")
            return
        self.kinds[kind](path, part)

    def parts(self, path: Path, parts: list[Json], allowed: set[int]) -> None:
        for index, part in enumerate(parts):
            self.part((*path, "components", index), part, allowed)

    def row(self, path: Path, part: Json) -> None:
        inner = part.get("components") or []
        buttons = [one for one in inner if one.get("type") == BUTTON]
        most = 5 if len(buttons) == len(inner) else 1
        self.wrong.length((*path, "components"), inner, 1, most)
        self.parts(path, inner, {BUTTON} | SELECTS)

    def button(self, path: Path, part: Json) -> None:
        style = part.get("style")
        if style not in range(1, 7):
            self.wrong.say((*path, "style"), "Value must be one of (1, 2, 3, 4, 5, 6).", "BASE_TYPE_CHOICES")
        self.wrong.length((*path, "label"), part.get("label"), 0, 80, needed=False)
        if style == 5:
            self.wrong.length((*path, "url"), part.get("url"), 1, 512)
            if "custom_id" in part:
                self.wrong.say(path, "A custom id and url cannot both be specified", "URL_AND_CUSTOM_ID")
        else:
            self.wrong.length((*path, "custom_id"), part.get("custom_id"), 1, 100)
        if not part.get("label") and not part.get("emoji"):
            self.wrong.say(path, "A button needs a label or an emoji", "BUTTON_COMPONENT_INVALID")

    def select(self, path: Path, part: Json) -> None:
        self.wrong.length((*path, "custom_id"), part.get("custom_id"), 1, 100)
        self.wrong.length((*path, "placeholder"), part.get("placeholder"), 0, 150, needed=False)
        options = part.get("options") or []
        if part["type"] == STRINGS:
            self.wrong.length((*path, "options"), options, 1, 25)
        elif options:
            self.wrong.say((*path, "options"), "Options are for string selects")
        most = part.get("max_values", 1)
        if most is None or not 1 <= most <= 25 or part.get("min_values", 1) > most:
            self.wrong.say((*path, "max_values"), "Must be between 1 and 25.", "NUMBER_TYPE_MAX")
        self.options((*path, "options"), options)

    def options(self, path: Path, options: list[Json]) -> None:
        for index, option in enumerate(options):
            self.wrong.length((*path, index, "label"), option.get("label"), 1, 100)
            self.wrong.length((*path, index, "value"), option.get("value"), 1, 100)
            self.wrong.length((*path, index, "description"), option.get("description"), 0, 100, needed=False)
        if len({option.get("value") for option in options}) < len(options):
            words = "The specified option value is already used"
            self.wrong.say(path, words, "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED")

    def text(self, path: Path, part: Json) -> None:
        content = part.get("content")
        self.wrong.length((*path, "content"), content if content and content.strip() else "", 1, MOST_TEXT)

    def section(self, path: Path, part: Json) -> None:
        inner = part.get("components") or []
        self.wrong.length((*path, "components"), inner, 1, 3)
        self.parts(path, inner, {TEXT})
        if not part.get("accessory"):
            self.wrong.say((*path, "accessory"), "This field is required", "BASE_TYPE_REQUIRED")
        else:
            self.part((*path, "accessory"), part["accessory"], {BUTTON, THUMBNAIL})

    def thumbnail(self, path: Path, part: Json) -> None:
        self.media((*path, "media"), part.get("media"))
        self.wrong.length((*path, "description"), part.get("description"), 1, 1024, needed=False)

    def gallery(self, path: Path, part: Json) -> None:
        items = part.get("items") or []
        self.wrong.length((*path, "items"), items, 1, 10)
        for index, item in enumerate(items):
            self.thumbnail((*path, "items", index), item)

    def file(self, path: Path, part: Json) -> None:
        url = (part.get("file") or {}).get("url", "")
        if not url.startswith("attachment://"):
            self.wrong.say((*path, "file", "url"), "Must be an attachment", "INVALID_URL")
        self.media((*path, "file"), part.get("file"))

    def media(self, path: Path, media: Any) -> None:
        url = (media or {}).get("url") or ""
        if url.startswith("attachment://"):
            if url.removeprefix("attachment://") not in self.files:
                words = "The specified attachment was not found"
                self.wrong.say((*path, "url"), words, "REFERENCED_ATTACHMENT_NOT_FOUND")
        elif not url.startswith(("http://", "https://")):
            self.wrong.say((*path, "url"), "Not a well formed URL.", "URL_TYPE_INVALID_URL")

    def separator(self, path: Path, part: Json) -> None:
        if part.get("spacing", 1) not in (1, 2):
            self.wrong.say((*path, "spacing"), "Value must be one of (1, 2).", "BASE_TYPE_CHOICES")

    def container(self, path: Path, part: Json) -> None:
        inner = part.get("components") or []
        self.wrong.length((*path, "components"), inner, 1, MOST_COMPONENTS)
        colour = part.get("accent_color")
        if colour is not None and not 0 <= colour <= 0xFFFFFF:
            self.wrong.say((*path, "accent_color"), "Must be a colour", "NUMBER_TYPE_MAX")
        self.parts(path, inner, IN_CONTAINER)
