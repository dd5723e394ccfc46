"""A screen as the REST API says it: the models of its answers, and the one function that fills them. Pure."""

from pydantic import BaseModel, ConfigDict, Field

from flows.conversation import Status
from flows.flow import Image
from flows.prompts import Prompt
from flows.screen import Message, Screen
from flows.words import plain


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class FlowState(_Answer):
    """A problem a customer can pick."""

    id: str
    title: str
    intro: str = Field(description="What the error means, in two sentences, as plain text.")


class FlowsState(_Answer):
    """The problems on offer, in the order to show them."""

    flows: list[FlowState]


class ChoiceState(_Answer):
    """An answer on offer."""

    id: str
    label: str


class ProgressState(_Answer):
    """Step `at` of `of`."""

    at: int
    of: int


class ImageState(_Answer):
    """A picture of the step."""

    src: str
    alt: str


class LinkState(_Answer):
    """A page worth opening."""

    label: str
    url: str


class PromptState(_Answer):
    """What stands before the customer; `text` and `warning` are plain text."""

    step: str
    title: str
    text: str = Field(description="What to do or to look at, and how to know whether it worked.")
    warning: str | None
    progress: ProgressState | None
    image: ImageState | None
    links: list[LinkState]
    choices: list[ChoiceState] = Field(
        description="Send one back as an event of type `answered`, with the turn."
    )


class MessageState(_Answer):
    """One line of the conversation so far; the live prompt is not among them."""

    id: str = Field(description="Stays the same, so that a client can append what it has not shown yet.")
    from_: str = Field(alias="from", description="`bot`, `you` or `agent`.")
    name: str | None = Field(None, description="What the agent is called; null for everybody else.")
    text: str
    at: int = Field(description="Milliseconds since 1970, UTC.")
    edited: bool = Field(
        False, description="The text was changed since; one that was taken back is no longer among them."
    )

    model_config = ConfigDict(frozen=True, populate_by_name=True)


class TicketState(_Answer):
    """The ticket, once a person was asked for."""

    number: int
    open: bool
    team: str = Field(description="The team's id; `name` is for people.")
    name: str
    email: str = Field(description="Where the customer may write, or empty.")
    external: bool = Field(description="Nobody of that team reads here: the customer writes to `email`.")
    reasons: list[str]
    opened: int
    summary: str = Field(description="What was tried and seen, to paste into a mail.")


class State(_Answer):
    """Where a conversation stands."""

    id: str
    version: int = Field(description="Grows with everything that happens.")
    turn: int = Field(description="Grows when the prompt is replaced; an answer carries it.")
    status: Status
    prompt: PromptState | None = Field(
        description="Null when it is resolved or closed, or a person has taken over."
    )
    messages: list[MessageState]
    ticket: TicketState | None
    goes_on: bool = Field(
        description="Whether an agent lets the customer go on with the guide: an event `withdraw`."
    )
    notice: str | None = Field(description="A sentence on why the request changed nothing, to show as it is.")


class Created(State):
    """Where a new conversation stands, with the token that opens it."""

    token: str = Field(description="Send it as `Authorization: Bearer …`; an id alone opens nothing.")


class Problem(_Answer):
    """A problem document (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str = Field(description="What went wrong, for programs.")
    state: State | None = Field(
        None, description="Where the conversation stands (with 409 and 422 of an event)."
    )
    flows: list[str] | None = Field(None, description="The ids of flows there are (where none was found).")
    errors: list[str] | None = Field(None, description="What is wrong with the body, a line each.")
    support: str | None = Field(None, description="Whom to write to instead (with 503).")


def state(screen: Screen, image: Image | None = None, notice: str | None = None) -> State:
    """The screen as the API says it. `image` is the prompt's, with an address that works."""
    conversation = screen.conversation
    ticket = screen.ticket
    return State(
        id=conversation.id,
        version=conversation.version,
        turn=conversation.turn,
        status=conversation.status,
        prompt=_prompt(screen.prompt, image) if screen.prompt.kind in ("step", "waiting") else None,
        messages=[_message(message) for message in screen.messages],
        ticket=TicketState(**ticket.model_dump()) if ticket else None,
        goes_on=screen.prompt.goes_on,
        notice=notice,
    )


def created(state: State, token: str) -> Created:
    """The same with the token."""
    return Created(token=token, **dict(state))


def _prompt(prompt: Prompt, image: Image | None) -> PromptState:
    return PromptState(
        step=prompt.step,
        title=prompt.title,
        text=plain(prompt.text + prompt.test),
        warning=plain(prompt.warning) or None,
        progress=ProgressState(at=prompt.progress.at, of=prompt.progress.of) if prompt.progress else None,
        image=ImageState(src=image.src, alt=image.alt)
        if image and image.src.startswith("https://")
        else None,
        links=[LinkState(label=link.label, url=link.url) for link in prompt.links],
        choices=[ChoiceState(id=option.id, label=option.label) for option in prompt.choices],
    )


def _message(message: Message) -> MessageState:
    who = "you" if message.who == "contact" else message.who
    return MessageState(
        id=message.id,
        from_=who,
        name=message.name or None,
        text=plain(message.words),
        at=message.at,
        edited=message.changed,
    )
