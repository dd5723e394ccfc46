"""Describes a screen for the REST API: the models of its responses, and the function that fills them. Pure."""

from pydantic import BaseModel, ConfigDict, Field

from flows.conversation import Conversation, Status
from flows.events import Spoken
from flows.flow import Image
from flows.prompts import Prompt
from flows.suggestions import Suggestion
from flows.text.markup.words import plain
from flows.views.quotes import beside
from flows.views.screen import Screen, ScreenMessage, TicketCard


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class FlowState(_Answer):
    """A problem that a customer can choose."""

    id: str
    title: str
    intro: str = Field(description="What the error means, as plain text.")


class FlowsState(_Answer):
    """The available problems, in the order to show them."""

    flows: list[FlowState]


class ChoiceState(_Answer):
    """An answer that the customer can choose."""

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
    """A helpful link."""

    label: str
    url: str


class PromptState(_Answer):
    """The step that the customer sees now. `text` and `warning` are plain text."""

    step: str
    title: str
    text: str = Field(description="What to do or check, and how to know whether it worked.")
    warning: str | None
    progress: ProgressState | None
    image: ImageState | None
    links: list[LinkState]
    choices: list[ChoiceState] = Field(
        description="To choose one, send an event of type `answered` with its id and the turn."
    )


class SuggestedState(_Answer):
    """An answer that the customer's own words may have meant."""

    choice: str
    label: str = Field(description="The button's text.")


class SuggestionState(SuggestedState):
    """Asks what the customer's own words meant. `choice` and `label` are the first of `choices`."""

    question: str
    choices: list[SuggestedState] = Field(
        description="Usually one. To choose one, send an event of type `answered` with its `choice` and the turn; if"
        " none is right, send `dismissed`."
    )
    dismiss: str = Field(description="The text of the button for none of them.")


class MessageState(_Answer):
    """One message of the conversation so far. The current prompt isn't one of them."""

    id: str = Field(description="Never changes, so a client can append the messages it hasn't shown yet.")
    from_: str = Field(alias="from", description="`bot`, `you` or `agent`.")
    name: str | None = Field(None, description="The agent's name; null for everyone else.")
    text: str
    at: int = Field(description="Milliseconds since 1970, UTC.")
    edited: bool = Field(False, description="Whether the text was edited. Deleted messages aren't listed.")
    files: list[str] = Field([], description="The names of the files sent with the message.")

    model_config = ConfigDict(frozen=True, populate_by_name=True)


class TicketState(_Answer):
    """The ticket, once the customer has asked for a person."""

    number: int
    open: bool
    team: str = Field(description="The team's id. Its display name is `name`.")
    name: str
    email: str = Field(description="An address that the customer can write to, or empty.")
    external: bool = Field(
        description="Whether the team only answers email, so the customer must write to `email`. False while an agent"
        " is assigned, and if no address is known: then agents reply in the conversation."
    )
    reasons: list[str]
    opened: int
    needs_reply: bool = Field(
        description="Whether the customer waits for a reply. False once an agent has replied and the customer hasn't"
        " answered, and when the ticket isn't open."
    )
    summary: str = Field(description="What the customer tried and saw, to paste into an email.")


class State(_Answer):
    """The current state of a conversation."""

    id: str
    version: int = Field(description="Grows with every event.")
    turn: int = Field(description="Grows when the prompt changes. Send it with an answer.")
    status: Status
    prompt: PromptState | None = Field(
        description="Null when the conversation is resolved, closed or assigned to an agent."
    )
    suggestion: SuggestionState | None = Field(
        description="Open after words that likely, but not plainly, meant an answer. Show it under the prompt. Any"
        " answer closes it."
    )
    messages: list[MessageState]
    ticket: TicketState | None
    goes_on: bool = Field(
        description="Whether the agent lets the customer continue the guide, with an event of type `withdraw`."
    )
    notice: str | None = Field(
        description="Why the request changed nothing: a sentence to show to the customer."
    )


class Created(State):
    """The state of a new conversation, with the token that opens it."""

    token: str = Field(description="Send it as `Authorization: Bearer …`. An id alone gives no access.")


class Problem(_Answer):
    """A problem document (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str = Field(description="A stable name of the problem, for programs.")
    state: State | None = Field(
        None, description="The conversation's current state (with 409 and 422 of an event)."
    )
    flows: list[str] | None = Field(
        None, description="The ids of the available flows (if there's no such flow)."
    )
    errors: list[str] | None = Field(None, description="What is wrong with the body, one line per error.")
    support: str | None = Field(None, description="An email address for help (with 429 and 503).")


def state(screen: Screen, image: Image | None = None, notice: str | None = None) -> State:
    """Describe a screen. `image` is the prompt's, with an address that clients can load."""
    conversation = screen.conversation
    ticket = screen.ticket
    return State(
        id=conversation.id,
        version=conversation.version,
        turn=conversation.turn,
        status=conversation.status,
        prompt=_prompt(screen.prompt, image) if screen.prompt.kind in ("step", "waiting") else None,
        suggestion=_suggestion(screen.prompt.suggestion),
        messages=[_message(message) for message in screen.messages],
        ticket=_ticket(ticket, conversation) if ticket else None,
        goes_on=screen.prompt.goes_on,
        notice=notice,
    )


def created(state: State, token: str) -> Created:
    """Add the token to a new conversation's state."""
    return Created(token=token, **dict(state))


def _ticket(ticket: TicketCard, conversation: Conversation) -> TicketState:
    shown = ticket.model_dump() | {"email": ticket.may_write_to, "external": bool(ticket.write_to)}
    shown["needs_reply"] = conversation.ticket_open and not conversation.customers_turn
    return TicketState(**shown)


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


def _suggestion(suggestion: Suggestion | None) -> SuggestionState | None:
    if suggestion is None:
        return None
    choices = [SuggestedState(choice=each.choice, label=each.yes) for each in suggestion.choices]
    first = choices[0]
    return SuggestionState(
        choice=first.choice,
        label=first.label,
        question=suggestion.question,
        choices=choices,
        dismiss=suggestion.dismiss,
    )


def _message(message: ScreenMessage) -> MessageState:
    who = "you" if message.who == "contact" else message.who
    return MessageState(
        id=message.id,
        from_=who,
        name=message.name or None,
        text=_text(message),
        at=message.at,
        edited=message.changed,
        files=[file.name or file.id for file in message.files],
    )


def _text(message: ScreenMessage) -> str:
    """Return the message's text, with the words that became an answer beside the answer."""
    said = Spoken(text=plain(message.quote), edited=plain(message.edited))
    return beside(plain(message.words), said)
