"""Says how the screen of a conversation hears free text: the answers, what else they go by, and what is asked."""

from collections.abc import Mapping
from typing import Final

from flows.catalogue import PICKER
from flows.conversation import Conversation, Status
from flows.flow import CANT_FIND, FIXED, STILL_FAILING, STILL_WORKING, Flow
from flows.prompts import answers, options
from flows.text.likely import Likeness, Offered, likely, likely_start
from flows.text.phrases import PHRASES
from flows.text.understanding import REOPEN, understand
from flows.values import Frozen

READING_MS: Final = 4_000
"""Milliseconds that a person needs to read a new prompt: words written earlier are about the one before it."""


SIGNS: Final[Mapping[str, str]] = {"✅": "yes", "👍": "yes", "❌": "no"}
"""The reactions that are heard, and what they say. They have no skin tone: a receiver removes it."""


class ScreenAnswers(Frozen):
    """What free text is heard against.

    `choices` are the ids and labels of the answers; an id comes again with each further word for its answer. `asks`
    says that the screen asks a question of its own, `ticket` that a ticket is open, `starts` that the answers are
    guides.
    """

    choices: tuple[tuple[str, str], ...] = ()
    asks: bool = False
    ticket: bool = False
    starts: bool = False

    def plain(self, text: str) -> str | None:
        """Return the answer that the text plainly gives, as `flows.text.understanding.understand` does."""
        return understand(self.choices, text, asks=self.asks, ticket=self.ticket)

    def likely(self, likeness: Likeness | None, text: str) -> tuple[str, ...]:
        """Return the answers that a text of this likeness likely gives, to ask about; usually one, or () for none."""
        if likeness is None:
            return ()
        if self.starts:
            return likely_start(likeness, text)
        ids = frozenset(choice for choice, _ in self.choices)
        offered = Offered(ids=ids, yes=self._to("yes"), no=self._to("no"), ticket=self.ticket)
        return likely(likeness, offered, text)

    def signed(self, sign: str) -> str:
        """Return the answer that a reaction with this sign likely gives, to ask about; '' for none."""
        means = SIGNS.get(sign, "")
        wanted = {"yes": (FIXED, STILL_WORKING), "no": (REOPEN, STILL_FAILING)}.get(means, ())
        ids = [choice for choice, _ in self.choices]
        return next((choice for choice in wanted if choice in ids), self._to(means) if means else "")

    def _to(self, word: str) -> str:
        """Return the answer that this one word gives; '' if none does."""
        found = understand(self.choices, word, asks=True, ticket=self.ticket)
        return found if found is not None and found in self.own_answers else ""

    @property
    def own_answers(self) -> Mapping[str, tuple[str, ...]]:
        """Return the words of the answers that the author wrote, by the answer's id; numbers alone mean nothing."""
        found: dict[str, tuple[str, ...]] = {}
        for choice, words in self.choices:
            if choice not in (FIXED, STILL_FAILING, CANT_FIND, REOPEN) and any(map(str.isalpha, words)):
                found[choice] = (*found.get(choice, ()), words)
        return found


_WORKS: Final = ("yes", "it works", "still works", "all good", "everything works", "it's fine", "no problems")
"""What *Still working* also goes by, the day after a fix."""

ENDED: Final = ScreenAnswers(choices=((REOPEN, PHRASES["reopen"]), (STILL_FAILING, PHRASES["still_failing"])))
"""What is on screen after the end."""


def screen_answers(flow: Flow, conversation: Conversation) -> ScreenAnswers:
    """Return what the conversation's screen hears. `flow` is the revision the conversation is pinned to."""
    labels = [(option.id, option.label) for option in options(flow, conversation)]
    if conversation.status.ended:
        works = tuple((STILL_WORKING, words) for words in _WORKS) if labels else ()
        return ScreenAnswers(choices=(*ENDED.choices, *labels, *works))
    step = flow.by_id.get(conversation.step)
    heard = [(choice.id, words) for choice in (step.choices if step else ()) for words in choice.heard]
    offered = answers(flow, conversation)
    shows_step = step is not None and not conversation.exited
    return ScreenAnswers(
        choices=(*labels, *((choice, words) for choice, words in heard if choice in offered)),
        asks=step is not None and shows_step and (step.observes or "?" in step.title or "?" in step.text),
        ticket=conversation.status is Status.WAITING,
        starts=conversation.flow == PICKER,
    )


def turn_read(at: Conversation, written_ms: int, shown_ms: int) -> int:
    """Return the turn of the prompt that could be read when words were written, both by the platform's clock.

    `shown_ms` is when the live prompt was shown; 0 while it is on its way. Without a live prompt nothing is asked, and
    all words are for the conversation as it is.
    """
    if not at.prompt_effect or (shown_ms and written_ms - shown_ms >= READING_MS):
        return at.turn
    return at.turn - 1


def is_back(text: str) -> bool:
    """Return whether words that a customer wrote after the end plainly say that the problem is back."""
    return ENDED.plain(text) in (REOPEN, STILL_FAILING)
