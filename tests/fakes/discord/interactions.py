"""Stores interactions with the bot's commands, buttons and forms, and every answer of the bot."""

from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord.message_changes import Upload, edit, post
from tests.fakes.discord.modals import check_modal
from tests.fakes.discord.permissions import permissions
from tests.fakes.discord.refusals import Refusal, Wrong
from tests.fakes.discord.state import EPHEMERAL, LOADING, Channel, Json, Message, User, pruned
from tests.fakes.discord.world import World

DEADLINE = 3.0
LIFE = 900.0
"""Seconds within which the bot may answer and send more messages."""

COMMAND, COMPONENT, AUTOCOMPLETE, SUBMIT = 2, 3, 4, 5
"""Types of interactions."""

MESSAGE, THINKING, LATER, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
"""Types of answers."""


@dataclass(frozen=True)
class Answer:
    """An accepted callback. `after` is seconds since the person acted."""

    type: int
    data: Json
    after: float


@dataclass(eq=False)
class Interaction:
    """A click, command or form, and its results."""

    world: World
    id: int
    token: str
    type: int
    user: User
    channel: Channel
    made: float
    payload: Json = field(default_factory=dict)
    message: Message | None = None
    answer: Answer | None = None
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)

    @property
    def answers(self) -> list[Answer]:
        """Return the accepted answers: one or none."""
        return [self.answer] if self.answer else []

    @property
    def failed(self) -> bool:
        """Return whether the person sees "This interaction failed" by now."""
        return self.answer is None and self.world.clock.now() - self.made > DEADLINE

    @property
    def choices(self) -> list[tuple[str, Any]]:
        """Return the names and values that an autocomplete offered."""
        given = self.answer.data.get("choices", []) if self.answer else []
        return [(one["name"], one["value"]) for one in given]

    @property
    def modal(self) -> Json | None:
        """Return the form that was the answer."""
        return self.answer.data if self.answer and self.answer.type == MODAL else None

    @property
    def text(self) -> str:
        """Return the text of the message that was the answer."""
        return self.original.text if self.original else ""

    async def answered(self, seconds: float = DEADLINE) -> "Interaction":
        """Wait for the first answer, up to that many seconds."""
        await self.world.until(lambda: self.answer is not None, seconds)
        return self


def answer(world: World, id: int, token: str, body: Json, uploads: list[Upload]) -> Interaction:
    """Take the bot's first answer to an interaction, or refuse it."""
    interaction = world.interactions.get(id)
    if interaction is None or interaction.token != token:
        raise Refusal(10062)
    try:
        _accept(world, interaction, body, uploads)
    except Refusal as refusal:
        interaction.refused.append(refusal.code)
        world.changed()
        raise
    return interaction


def _accept(world: World, interaction: Interaction, body: Json, uploads: list[Upload]) -> None:
    after = world.clock.now() - interaction.made
    if interaction.answer is not None:
        raise Refusal(40060)
    if after > DEADLINE:
        raise Refusal(10062)
    channel = interaction.channel
    if channel.archived and channel.locked and not permissions(interaction.user, channel).manage_threads:
        raise Refusal(50083, status=403)
    kind, data = body.get("type"), body.get("data") or {}
    if kind == MODAL:
        data = pruned(data)
    _check(interaction, kind, data)
    if kind == MESSAGE:
        interaction.original = _said(world, interaction, data, uploads)
    elif kind == THINKING:
        flags = (data.get("flags") or 0) | LOADING
        interaction.original = _said(world, interaction, {"flags": flags}, [])
    elif kind == UPDATE:
        assert interaction.message is not None
        interaction.original = edit(world, interaction.message, data, uploads)
    elif kind == LATER:
        interaction.original = interaction.message
    interaction.answer = Answer(int(kind or 0), data, after)
    world.changed()


def _check(interaction: Interaction, kind: Any, data: Json) -> None:
    """Refuse answers of a kind that the interaction does not allow."""
    wrong = Wrong()
    allowed = {MESSAGE, THINKING, MODAL}
    if interaction.type == AUTOCOMPLETE:
        allowed = {CHOICES}
    elif interaction.type == SUBMIT:
        allowed = {MESSAGE, THINKING}
    if interaction.message is not None:
        allowed |= {LATER, UPDATE}
    if kind not in allowed:
        wrong.say(("type",), f"Value must be one of {sorted(allowed)}.", "BASE_TYPE_CHOICES")
    if kind == THINKING and (data.get("flags") or 0) & ~EPHEMERAL:
        wrong.say(("data", "flags"), "Only EPHEMERAL may be set", "MESSAGE_FLAGS_INVALID")
    if kind == CHOICES:
        wrong.length(("data", "choices"), data.get("choices"), 0, 25)
        for index, choice in enumerate(data.get("choices") or []):
            wrong.length(("data", "choices", index, "name"), choice.get("name"), 1, 100)
            if isinstance(choice.get("value"), str):
                wrong.length(("data", "choices", index, "value"), choice["value"], 0, 100)
    wrong.check()
    if kind == MODAL:
        check_modal(data)


def _said(world: World, interaction: Interaction, data: Json, uploads: list[Upload]) -> Message:
    """Post a message as an answer. Discord does not check whether the bot may write in the channel."""
    flags = data.get("flags") or 0
    metadata: Json = {
        "id": str(interaction.id),
        "type": interaction.type,
        "user": world.payloads.user(interaction.user),
        "authorizing_integration_owners": interaction.payload["authorizing_integration_owners"],
    }
    if interaction.type == COMMAND:
        metadata["name"] = interaction.payload["data"]["name"]
    if interaction.message:
        metadata["interacted_message_id"] = str(interaction.message.id)
    to = interaction.user.id if flags & EPHEMERAL else None
    return post(
        world,
        interaction.channel,
        world.bot,
        data,
        uploads,
        type=20 if interaction.type == COMMAND else 0,
        webhook=world.bot.id,
        interaction=metadata,
        shown_to=to,
    )


# ---- what may follow the first answer


def by_token(world: World, application: int, token: str) -> Interaction:
    """Return the interaction of a token. Refuse it if the interaction has expired or has no answer yet."""
    found = next((one for one in world.interactions.values() if one.token == token), None)
    if found is None or application != world.bot.id or found.answer is None:
        raise Refusal(10015)
    if world.clock.now() - found.made > LIFE:
        raise Refusal(50027)
    return found


def follow_up(world: World, interaction: Interaction, body: Json, uploads: list[Upload]) -> Message:
    """Post another message. The first one after "is thinking" replaces it."""
    original = interaction.original
    if original is not None and original.flags & LOADING:
        return edit(world, original, body, uploads)
    message = _said(world, interaction, body, uploads)
    if message.reference is None and original is not None and not original.deleted:
        message.reference, message.type = original, 19
    interaction.followups.append(message)
    world.changed()
    return message


def of_interaction(interaction: Interaction, id: str) -> Message:
    """Return a message that an interaction's token may change: the original answer, or a later one."""
    if id == "@original":
        found = interaction.original
    else:
        every = [*interaction.followups, *filter(None, [interaction.original, interaction.message])]
        found = next((one for one in every if str(one.id) == id), None)
    if found is None or found.deleted:
        raise Refusal(10008)
    return found
