"""What an agent replied from elsewhere, as the customer reads it in Discord. Pure."""

from adapters.discord.api.limits import LABEL, TEXT, size
from adapters.discord.render.card import Message
from adapters.discord.render.components import named, text
from adapters.discord.render.markdown import escape, fitted
from bot.ports import Delivery
from flows.effects import Relay
from flows.views.dossier import Line


def replied(delivery: Delivery) -> Message | None:
    """The reply under the agent's name, with what they attached named; None for everything else (law L12)."""
    line = delivery.line
    if not isinstance(delivery.effect, Relay) or line is None or line.kind != "reply":
        return None
    return reply_of(line)


def reply_of(line: Line) -> Message:
    """That reply; whoever calls it has seen to it that it is one."""
    head = f"**{escape(named(line.who, LABEL))}**"
    tail = "\n".join(f"-# 📎 {escape(named(file.name or file.id, LABEL))}" for file in line.files)
    words = fitted(line.words, TEXT - size(head) - size(tail) - 2)
    return Message(components=(text("\n".join(filter(None, (head, words, tail)))),))
