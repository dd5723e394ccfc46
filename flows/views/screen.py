"""Draws what a customer sees of a conversation from its journal: the messages, the live prompt and the ticket."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Literal

from flows.acts import Replied, Wrote
from flows.catalogue import PICKER
from flows.conversation import Conversation, Status
from flows.effects import Ask, Change, Suggest, Tell
from flows.events import Answered, Detailed, Dismissed, Event, File, Spoken
from flows.expectation import ReplyRoute, reply_route
from flows.flow import Flow
from flows.prompts import Prompt, Settings, headline, options, owner, prompt, tell_words
from flows.suggestions import Suggestion, suggestion_of
from flows.text.markup.words import Words, plain
from flows.text.phrases import PHRASES, reason_label
from flows.text.reach import reach_in
from flows.values import Frozen
from flows.views.quotes import PRESSED, STANDING, beside, by_agent, by_customer, customers_words, verbatim
from flows.views.trail import NOTHING, Tried, amended, label_of, spoken_by_contact, trail
from flows.views.walk import Frame, Walk

Who = Literal["bot", "contact", "agent"]
Kind = Literal["step", "answer", "said", "told", "suggested"]


class ScreenMessage(Frozen):
    """One message of the conversation as shown. `name` is the agent's name.

    `kind` "step" is a step that was shown, "answer" a button pressed, "said" a person's own words with their `files`,
    "told" the bot's words, "suggested" its question what the customer meant. `quote` are the person's words that became
    the answer. `id` is `VERSION.INDEX`; `at` is ms of the store's clock. `changed` says that the author has edited the
    message since; `edited` are then the new words, if they stand beside the first.
    """

    id: str
    who: Who
    kind: Kind
    words: Words
    step: str = ""
    at: int = 0
    files: tuple[File, ...] = ()
    name: str = ""
    changed: bool = False
    quote: Words = ()
    edited: Words = ()

    @property
    def answers_step(self) -> bool:
        """Return whether the message is an answer to a step, and not a standing button such as Back."""
        return self.kind == "answer" and plain(self.words) not in STANDING


class TicketCard(Frozen):
    """A ticket as its customer sees it: its number, its team, how to reach the team, and a summary to copy.

    `assigned` says whether an agent is assigned.
    """

    number: int
    open: bool
    team: str
    name: str
    email: str
    external: bool
    reasons: tuple[str, ...]
    opened: int
    summary: str
    assigned: bool = False

    @property
    def route(self) -> ReplyRoute:
        """Return where the reply comes from."""
        return reply_route(external=self.external, email=self.email, assigned=self.assigned)

    @property
    def write_to(self) -> str:
        """Return the address that the customer must write to; '' if agents answer in the conversation."""
        return self.email if self.route == "email" else ""

    @property
    def may_write_to(self) -> str:
        """Return the address that the customer can write to, even if they need not; '' if there is none."""
        return self.email if self.route == "email" or not self.external else ""

    def own_address(self, support: str) -> str:
        """Return where the operator's own people read email about the ticket; `support` is their general address."""
        return support if self.external else self.email


class Screen(Frozen):
    """Everything a customer's screen shows; the same on every channel that draws one.

    `live` is the id of the message that showed the live prompt, if a message did. `messages` do not include that
    message: smaller ids came before it, greater ids after. Nor do they include the suggestion that is open, which is
    part of the prompt. `added` are the details that the customer added to the ticket.
    """

    conversation: Conversation
    title: str
    prompt: Prompt
    live: str = ""
    messages: tuple[ScreenMessage, ...] = ()
    ticket: TicketCard | None = None
    tried: tuple[Tried, ...] = ()
    added: tuple[Spoken, ...] = ()

    @property
    def reach(self) -> str:
        """Return the email address or phone number that the customer left last, as they wrote it; '' for none."""
        return reach_in(said.text for said in self.added)


def screen(
    conversation: Conversation,
    rows: Sequence[Change],
    words: Mapping[int, Spoken],
    flows: Mapping[str, Flow],
    settings: Settings,
    walk: Walk | None = None,
) -> Screen:
    """Draw the screen.

    `flows` holds every revision that the rows were made with; `words` the people's texts by version. `walk` is that of
    an earlier drawing of the conversation, which makes this one cheaper.
    """
    flow = flows[conversation.revision]
    walk = Walk(conversation.id) if walk is None else walk
    frames = walk.frames(rows, flows)
    edits = amended(rows)
    shown: list[ScreenMessage] = []
    for frame in frames:
        version = frame.change.version
        given = words.get(version, NOTHING), version in edits
        shown += walk.drawn("messages", frame, given, partial(_messages, frame, *given, settings))
    drawn = prompt(flow, conversation, settings)
    # An agent's reply that took the ticket has no card of its own: then no message shows the live prompt.
    silent = conversation.status is Status.WITH_AGENT and not conversation.prompt_effect
    live = None if silent else _last(shown, "step")
    asked = _last(shown, "suggested") if drawn.suggestion else None
    tried = trail(walk, frames, words, settings)
    messages = tuple(message for index, message in enumerate(shown) if index not in (live, asked))
    return Screen(
        conversation=conversation,
        title=flow.title,
        prompt=drawn,
        live="" if live is None else shown[live].id,
        messages=messages,
        ticket=_ticket(conversation, flow, frames, words, settings, tried),
        tried=tried,
        added=_details(frames, words),
    )


def _last(shown: Sequence[ScreenMessage], kind: Kind) -> int | None:
    """Return the index of the last message of that kind; None if there is none."""
    return next((index for index in reversed(range(len(shown))) if shown[index].kind == kind), None)


def _details(frames: Sequence[Frame], words: Mapping[int, Spoken]) -> tuple[Spoken, ...]:
    found = (words.get(frame.change.version) for frame in frames if isinstance(frame.change.event, Detailed))
    return tuple(said for said in found if said is not None)


def _messages(frame: Frame, said: Spoken, is_amended: bool, settings: Settings) -> tuple[ScreenMessage, ...]:
    """Draw the messages of a frame: what a person said with it, and whether that was edited or deleted later."""
    return tuple(_drawn(frame, said, is_amended, settings))


def _drawn(frame: Frame, said: Spoken, is_amended: bool, settings: Settings) -> Iterator[ScreenMessage]:
    change = frame.change
    at = change.at

    def message(index: int, who: Who, kind: Kind, text: Words, step: str = "") -> ScreenMessage:
        return ScreenMessage.trusted(
            id=f"{change.version}.{index}", who=who, kind=kind, words=text, step=step, at=at
        )

    event = change.event
    own = spoken_by_contact(event, said)
    sent = {
        "files": said.files,
        "changed": is_amended,
        "edited": by_customer(said.edited, said.edited_styled),
    }
    if isinstance(event, Wrote | Replied) and said.left:
        spoken = message(0, "agent", "said", by_agent(said))
        yield spoken.model_copy(update=sent | {"name": event.name})
    elif (pressed := pressed_label(event, frame)) is not None:
        quote = () if _reads_alike(own.text, pressed) else by_customer(own.text, own.styled)
        answer = message(0, "contact", "answer", verbatim(pressed), frame.before.step)
        yield answer.model_copy(update=sent | {"quote": quote}) if own.left else answer
    elif own.left:
        yield message(0, "contact", "said", by_customer(own.text, own.styled)).model_copy(update=sent)
    for index, effect in enumerate(change.effects, start=1):
        if effect.end == "agents":
            continue
        if isinstance(effect, Tell):
            told = tell_words(effect.words, frame.now, frame.after, settings, effect.step, effect.agent)
            yield message(index, "bot", "told", told)
        elif isinstance(effect, Suggest):
            asked = _suggestion(effect.choices, frame.now, frame.after)
            if asked is not None:
                yield message(index, "bot", "suggested", verbatim(asked.question))
        elif isinstance(effect, Ask):
            title = headline(frame.now, frame.after, settings)
            yield message(index, "bot", "step", verbatim(title), frame.after.step)


def _suggestion(choices: Sequence[str], flow: Flow, at: Conversation) -> Suggestion | None:
    """Return the suggestion of these choices, on the screen of that conversation."""
    labels = [(option.id, option.label) for option in options(flow, at)]
    return suggestion_of(choices, labels, starts=at.flow == PICKER)


def _reads_alike(text: str, label: str) -> bool:
    """Return whether the words are the button's label, so that the customer need not read both."""
    return text.strip(" \n.!").casefold() == label.casefold()


def pressed_label(event: Event, frame: Frame) -> str | None:
    """Return the label of the pressed button, for events that a button makes."""
    if isinstance(event, Answered):
        return label_of(frame)
    if isinstance(event, Dismissed):
        dismissed = _suggestion(frame.before.suggested, frame.now, frame.before)
        return dismissed.dismiss if dismissed else None
    return PHRASES[PRESSED[event.type]] if event.type in PRESSED else None


def _ticket(
    conversation: Conversation,
    flow: Flow,
    frames: Sequence[Frame],
    words: Mapping[int, Spoken],
    settings: Settings,
    tried: Sequence[Tried],
) -> TicketCard | None:
    if conversation.ticket == 0:
        return None
    team = flow.team(conversation.team)
    name, reach = owner(flow, conversation.team, settings)
    return TicketCard(
        number=conversation.ticket,
        open=conversation.ticket_open,
        team=conversation.team,
        name=name,
        email=reach,
        external=team.external if team else False,
        reasons=conversation.reasons,
        opened=conversation.ticket_at,
        summary=_summary(conversation, flow, frames, words, tried),
        assigned=conversation.status is Status.WITH_AGENT,
    )


def _summary(
    conversation: Conversation,
    flow: Flow,
    frames: Sequence[Frame],
    words: Mapping[int, Spoken],
    tried: Sequence[Tried],
) -> str:
    """Return plain text to paste into an email: the problem, the steps tried, the details and the customer's words."""
    lines = [PHRASES.say("summary_title", ticket=conversation.ticket, title=flow.title)]
    reasons = "; ".join(reason_label(reason) for reason in conversation.reasons)
    lines.append(PHRASES.say("summary_reasons", reasons=reasons))
    if reach := reach_in(said.text for said in _details(frames, words)):
        lines.append(PHRASES.say("summary_reach", reach=reach))
    if tried:
        lines += [
            "",
            PHRASES["summary_tried"],
            *(f"{n}. {row.title} · {beside(row.answer, row.said)}" for n, row in enumerate(tried, start=1)),
        ]
    if conversation.observations:
        lines += [
            "",
            PHRASES["summary_seen"],
            *(f"- {_spaced(name)}: {value}" for name, value in conversation.observations.items()),
        ]
    if quoted := [f"> {line}" for said in customers_words(frames, words) for line in said.split("\n")]:
        lines += ["", PHRASES["summary_words"], *quoted]
    return "\n".join(lines)


def _spaced(name: str) -> str:
    return name.replace("_", " ")
