"""Draws random changes, far wilder than the engine's: any text anywhere, any mixture of a Change's fields."""

from typing import Any, Final

from hypothesis import strategies as st

from flows.conversation import Conversation, Status
from flows.effects import Ask, Change, Effect, Mailing, Retire, Tell, Timer, effect_id
from flows.events import (
    Answered,
    Back,
    Detailed,
    Edited,
    Escalated,
    Event,
    File,
    Joined,
    Napped,
    Said,
    Shared,
    Started,
    TimerRang,
    Wrote,
)

words: Final = st.text(max_size=12) | st.sampled_from(
    ["%", "%20", " ", "a b", "", "\x00", "=", "!x", "é|ü", "1"]
)
numbers: Final = st.integers(0, 2**40)
actors: Final = st.sampled_from(["slack:ana", "slack:ben", "timer", ""]) | words
files: Final = st.lists(st.builds(File, id=words, name=words, size=numbers), max_size=2).map(tuple)
events: Final[st.SearchStrategy[Event]] = st.one_of(
    st.builds(Answered, key=words, actor=actors, conversation=words, turn=st.none() | numbers, choice=words),
    st.builds(Said, key=words, actor=actors, text=words, turn=st.none() | numbers),
    st.builds(Back, actor=actors, turn=st.none() | numbers),
    st.builds(Escalated, actor=actors, reason=words),
    st.builds(Napped, actor=actors, until=st.sampled_from(["hour", "tomorrow", "computer"])),
    st.builds(Detailed, actor=actors, reason=words, text=words, reach=words),
    st.builds(Joined, actor=actors, name=words),
    st.builds(Shared, actor=actors, to=words, name=words),
    st.builds(Wrote, actor=actors, name=words, text=words, files=files),
    st.builds(Edited, actor=actors, of=words, text=words),
    st.builds(TimerRang, actor=actors, kind=words, turn=numbers, status=words),
    st.builds(
        Started,
        actor=actors,
        door=words,
        address=words,
        flow=words,
        text=words,
        name=words,
        locale=words,
        zone=words,
        files=files,
    ),
)
effects: Final[st.SearchStrategy[Effect]] = st.one_of(
    st.builds(Ask, id=words, end=st.sampled_from(["customer", "agents"]), turn=numbers),
    st.builds(Tell, id=words, end=st.sampled_from(["customer", "agents"]), words=words, step=words),
    st.builds(Retire, id=words, of=words),
    st.builds(Mailing, id=words, version=numbers),
)
timers: Final = st.builds(
    Timer,
    kind=st.sampled_from(["nudge", "close", "quiet"]),
    after=st.sampled_from(["nudge", "close", "hour", "tomorrow", "computer", "quiet"]),
)
_TEXTS: Final = (
    "flow",
    "revision",
    "step",
    "contact",
    "name",
    "locale",
    "zone",
    "holder",
    "holder_name",
    "thread_effect",
    "snoozed",
    "concluded",
    "customer",
    "agents",
    "prompt_effect",
    "mail",
)
_FIELDS: Final[dict[str, st.SearchStrategy[Any]]] = {
    "turn": numbers,
    "status": st.sampled_from([status.value for status in Status]),
    "exited": st.booleans(),
    "may_press": st.lists(words, max_size=3).map(tuple),
    "reasons": st.lists(words, max_size=3).map(tuple),
} | dict.fromkeys((*_TEXTS, "team", "solved_by", "later"), words)


@st.composite
def turned(draw: st.DrawFn) -> Change:
    """Draw a change like the engine's when it replaces the prompt, sometimes slightly different."""
    turn = draw(st.integers(1, 50))
    key = draw(words)
    told = draw(st.lists(st.builds(Tell, words=words), max_size=2))
    retired = draw(st.lists(st.builds(Retire, of=words), max_size=2))
    made = [*told, Ask(turn=turn), *retired]
    named = tuple(
        effect.model_copy(update={"id": effect_id("c", key, index)}) for index, effect in enumerate(made)
    )
    fields = {
        "turn": turn + draw(st.sampled_from([0, 0, 0, 1])),
        "prompt_effect": effect_id("c", key, len(told)),
    }
    event = draw(
        st.builds(Answered, actor=actors, turn=st.sampled_from([turn - 1, turn]), choice=words) | events
    )
    return draw(mixed).model_copy(
        update={"event": event, "set": fields, "effects": named, "cancels": draw(st.booleans())}
    )


mixed: Final = st.builds(
    Change,
    event=events,
    set=st.fixed_dictionaries({}, optional=_FIELDS),
    cut=st.none() | st.integers(0, 6),
    push=st.lists(words, max_size=3).map(tuple),
    observe=st.dictionaries(words, words, max_size=3),
    stamp=st.lists(st.sampled_from(["ticket_at", "began_at"]), unique=True).map(tuple),
    take_ticket=st.booleans(),
    effects=st.lists(effects, max_size=3).map(tuple),
    timers=st.none() | st.lists(timers, max_size=2).map(tuple),
    cancels=st.booleans(),
)
changes: Final = mixed | turned()


def plain(conversation: Conversation) -> dict[str, Any]:
    """Return all values of a conversation, for a comparison that shows the difference."""
    return conversation.model_dump()
