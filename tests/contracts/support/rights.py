"""Reads the rights of the bot's user from docs/redis.md, so that the contracts run with exactly those."""

import re
import shlex
from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).resolve().parents[3] / "docs" / "redis.md"
LOGIN: Final = "troubletree:PASSWORD"


def rights() -> list[str]:
    """Return the words of the documented command behind `redis-cli`. The contracts' prefixes begin with a t."""
    block = re.search(
        r"^redis-cli (ACL SETUSER .*?)\n```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    assert block, "docs/redis.md lacks the command"
    patterns = {"~tt:*": "~t*:*", "&tt:*": "&t*:*"}
    return [patterns.get(word, word) for word in shlex.split(block[1].replace("\\\n", " "))]


def rights_in_a_cluster() -> list[str]:
    """Return the further rights of a cluster's user."""
    line = re.search(r"A cluster needs these, too: `([^`]+)`", PAGE.read_text(encoding="utf-8"))
    assert line, "docs/redis.md lacks the rights in a cluster"
    return line[1].split()
