"""Limits how often each method may be called, once a test sets a limit."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from tests.fakes.slack.refusals import Json

TIERS: Final[Mapping[str, int]] = {
    "apps.connections.open": 1,
    "chat.delete": 3,
    "chat.postEphemeral": 4,
    "chat.update": 3,
    "conversations.history": 3,
    "conversations.info": 3,
    "conversations.members": 4,
    "conversations.open": 3,
    "conversations.replies": 3,
    "files.completeUploadExternal": 4,
    "files.getUploadURLExternal": 4,
    "files.info": 4,
    "reactions.add": 3,
    "usergroups.users.list": 2,
    "usergroups.list": 2,
    "users.info": 4,
    "views.open": 4,
    "views.publish": 4,
    "views.push": 4,
    "views.update": 4,
}
PER_MINUTE: Final[Mapping[int, int]] = {1: 1, 2: 20, 3: 50, 4: 100}


@dataclass
class Bucket:
    """Limits calls. It holds up to `holds` tokens and gains `rate` a second; a call takes one."""

    rate: float
    holds: float
    left: float
    at: float

    def take(self) -> float:
        """Return 0 if the call is allowed, else the seconds until it is."""
        now = time.monotonic()
        self.left = min(self.holds, self.left + (now - self.at) * self.rate)
        self.at = now
        if self.left >= 1:
            self.left -= 1
            return 0.0
        return (1 - self.left) / self.rate


@dataclass
class Limits:
    """`posts` is chat.postMessage per second and channel, `burst` how many at once; `tiers` are calls per minute."""

    posts: float | None = None
    burst: int = 3
    tiers: dict[int, int] = field(default_factory=dict)
    _buckets: dict[str, Bucket] = field(default_factory=dict)

    def real(self) -> None:
        """Set Slack's own limits."""
        self.posts, self.tiers = 1.0, dict(PER_MINUTE)

    def wait(self, method: str, args: Json) -> float:
        """Return the seconds until the call is allowed, 0 for now."""
        if method == "chat.postMessage" and self.posts:
            return self._take(f"post {args.get('channel')}", self.posts, self.burst)
        per_minute = self.tiers.get(TIERS.get(method, 0))
        return self._take(method, per_minute / 60, per_minute) if per_minute else 0.0

    def _take(self, name: str, rate: float, holds: float) -> float:
        bucket = self._buckets.setdefault(name, Bucket(rate, holds, holds, time.monotonic()))
        return bucket.take()
