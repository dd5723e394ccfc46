"""Names customers and agents by team and user, and Slack's places by channel and thread."""

from collections.abc import Iterable

from flows.conversation import Address
from flows.values import Frozen

SLACK = "slack"
"""The channel's name. Every actor, door and address of Slack begins with this word."""


class Person(Frozen):
    """A Slack user, named by team and user id: with Slack Connect, users of two teams may meet in one channel."""

    team: str
    user: str

    @property
    def actor(self) -> str:
        """The actor's name, which the engine compares with the conversation's contact (law L11)."""
        return f"{SLACK}:{self.team}:{self.user}"

    @classmethod
    def of(cls, actor: str) -> "Person | None":
        """Parse an actor's name, the inverse of `actor`. Return None for an actor of another channel."""
        channel, _, rest = actor.partition(":")
        team, _, user = rest.partition(":")
        return cls(team=team, user=user) if channel == SLACK and user else None


class Place(Frozen):
    """A thread in a channel, or a customer's direct messages with the bot, which are not divided into threads.

    `workspace` is the team that installed the app; its token reaches the place.
    """

    workspace: str
    channel: str
    thread: str = ""

    @property
    def direct(self) -> bool:
        """Whether the place is direct messages: one customer, and no thread."""
        return not self.thread

    def door(self, flow: str = "") -> str:
        """Name the door of a conversation in this place. In direct messages each flow has a door of its own, because
        a customer may have several problems there; a thread is about one problem.
        """
        parts = [SLACK, self.workspace, self.channel, self.thread or flow]
        return "/".join(filter(None, parts))

    def address(self, person: Person) -> str:
        """Write the customer's address in this place as text."""
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
        """Read the place from an address."""
        return cls(workspace=address.workspace, channel=address.room, thread=address.thread)


def link(url: str, channel: str, ts: str, thread: str = "") -> str:
    """Build the link to a message, or '' if `url` or `ts` is empty. `url` is the workspace's own, as `auth.test`
    returns.

    The link has the form that `chat.getPermalink` returns, without a call for each message.
    """
    if not url or not ts:
        return ""
    address = f"{url.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"
    return f"{address}?thread_ts={thread}&cid={channel}" if thread and thread != ts else address


def receipt(channel: str, ts: str) -> str:
    """Write the receipt of a sent message."""
    return f"{channel}:{ts}"


def joined(first: str, others: Iterable[str]) -> str:
    """Return the receipts of one effect's messages as one receipt."""
    return " ".join((first, *others))


def sent(text: str) -> tuple[str, str]:
    """Split a receipt into channel and ts."""
    channel, _, ts = text.partition(":")
    return channel, ts


def listed(names: Iterable[str]) -> frozenset[str]:
    """Normalize ids as an operator may write them: with # or @ before them, in any case."""
    return frozenset(name.strip().lstrip("#@").upper() for name in names if name.strip())
