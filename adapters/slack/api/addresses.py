"""Who and where in Slack: people by team and user, places by channel and thread, as the house names them."""

from collections.abc import Iterable

from flows.conversation import Address
from flows.values import Frozen

SLACK = "slack"
"""The channel's name, and what every actor, door and address of it begins with."""


class Person(Frozen):
    """Somebody, by their own team and their id in it: with Slack Connect two teams may meet in one channel."""

    team: str
    user: str

    @property
    def actor(self) -> str:
        """The name the engine compares with the contact (law L11)."""
        return f"{SLACK}:{self.team}:{self.user}"

    @classmethod
    def of(cls, actor: str) -> "Person | None":
        """The inverse of `actor`; None for who is not from Slack."""
        channel, _, rest = actor.partition(":")
        team, _, user = rest.partition(":")
        return cls(team=team, user=user) if channel == SLACK and user else None


class Place(Frozen):
    """A thread in a channel, or a person's direct messages with the bot, which are not divided into threads.

    `workspace` is the team the app is installed in; its token reaches the place.
    """

    workspace: str
    channel: str
    thread: str = ""

    @property
    def direct(self) -> bool:
        """Whether these are direct messages: there is one person, and no thread."""
        return not self.thread

    def door(self, flow: str = "") -> str:
        """Where a conversation is born. In direct messages each flow has a door of its own, since a person may have
        several problems; a thread is about one.
        """
        parts = [SLACK, self.workspace, self.channel, self.thread or flow]
        return "/".join(filter(None, parts))

    def address(self, person: Person) -> str:
        """The customer's end, as text."""
        return str(
            Address(
                channel=SLACK,
                workspace=self.workspace,
                room=self.channel,
                thread=self.thread,
                person=person.user,
            )
        )

    @classmethod
    def of(cls, address: Address) -> "Place":
        """The place of an address."""
        return cls(workspace=address.workspace, channel=address.room, thread=address.thread)


def link(url: str, channel: str, ts: str, thread: str = "") -> str:
    """The address of a message; `url` is the workspace's own, as `auth.test` gives it. '' where that is not known.

    The form is that of `chat.getPermalink`, which is spared its call.
    """
    if not url or not ts:
        return ""
    address = f"{url.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"
    return f"{address}?thread_ts={thread}&cid={channel}" if thread and thread != ts else address


def receipt(channel: str, ts: str) -> str:
    """What is kept of a message that was sent."""
    return f"{channel}:{ts}"


def sent(text: str) -> tuple[str, str]:
    """Channel and ts of a receipt."""
    channel, _, ts = text.partition(":")
    return channel, ts


def listed(text: Iterable[str]) -> frozenset[str]:
    """Ids as an operator may have written them: with a # or @ before them, in any case."""
    return frozenset(name.strip().lstrip("#@").upper() for name in text if name.strip())
