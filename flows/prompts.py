"""Draws what an Ask shows and a Tell says, free of platform: the prompt of a conversation's present turn."""

from collections.abc import Iterable, Mapping
from typing import Literal

from flows.catalogue import PICKER, SUPPORT
from flows.conversation import Conversation, Status
from flows.expectation import expected
from flows.flow import FIXED, Flow, Image, Step, Team
from flows.text.phrases import PHRASES
from flows.text.words import Words, fill, parse, plain
from flows.values import Frozen

Kind = Literal["step", "waiting", "held", "resolved", "closed"]


class Option(Frozen):
    """An answer as a prompt offers it; `primary` marks the answer that says that the problem is fixed."""

    id: str
    label: str
    primary: bool = False


class Progress(Frozen):
    """How far the customer is: step `at` of `of`, counted in the file's own list."""

    at: int
    of: int


class Href(Frozen):
    """A link to show: its address is https and never empty."""

    label: str
    url: str


class Prompt(Frozen):
    """What the customer sees in the present turn. Empty words are `()`.

    `kind` "step" is a step of the flow; "waiting" the card after an exit, until an agent claims the ticket; "held" the
    card while an agent is assigned; "resolved" and "closed" offer only *It's happening again*. `choices` are the
    answers (event Answered); the built-in buttons are events of their own: `back` says whether Back leads anywhere.
    `asks_how` says that the customer may rate the help (event Rated): once, after a solution, and never if the
    conversation was closed because the customer was silent. `asks_words` says that they have rated and may still
    comment. `goes_on` says that they may continue the guide although an agent is assigned (event Withdrawn).
    """

    kind: Kind
    turn: int
    step: str
    title: str
    text: Words
    test: Words = ()
    why: Words = ()
    warning: Words = ()
    again: Words = ()
    secret: str = ""
    progress: Progress | None = None
    image: Image | None = None
    links: tuple[Href, ...] = ()
    choices: tuple[Option, ...] = ()
    back: bool = False
    asks_how: bool = False
    goes_on: bool = False
    asks_words: bool = False


Settings = Mapping[str, str]
"""The operator's words by setting name: values of a flow's variables, and `TEAM_<ID>_NAME` or `_EMAIL`."""


def options(flow: Flow, conversation: Conversation) -> tuple[Option, ...]:
    """Return the answers on screen now; none after the end or while an agent is assigned."""
    if not answers(flow, conversation):
        return ()
    if conversation.exited:
        return (Option(id=FIXED, label=PHRASES["works_now"], primary=True),)
    step = flow.by_id[conversation.step]
    return tuple(Option(id=choice.id, label=choice.label, primary=choice.fixed) for choice in step.choices)


def answers(flow: Flow, conversation: Conversation) -> tuple[str, ...]:
    """Return the ids of the answers on screen now."""
    if conversation.status not in (Status.GUIDING, Status.WAITING):
        return ()
    if conversation.exited:
        return (FIXED,)
    return tuple([choice.id for choice in flow.by_id[conversation.step].choices])


def prompt(flow: Flow, conversation: Conversation, settings: Settings) -> Prompt:
    """Return the prompt of the present turn. `flow` is the revision the conversation is pinned to."""
    if _shows_step(conversation):
        return _step(flow, conversation, settings)
    return _card(flow, conversation, settings)


def headline(flow: Flow, conversation: Conversation, settings: Settings) -> str:
    """Return the title of the present turn's prompt, without drawing the rest of the prompt."""
    if _shows_step(conversation):
        return step_title(flow.by_id[conversation.step], flow, settings)
    return _card_title(flow, conversation, settings)


def step_title(step: Step, flow: Flow, settings: Settings) -> str:
    """Return a step's title as plain text."""
    return plain(fill(parse(step.title), flow_values(flow, settings)))


def _shows_step(conversation: Conversation) -> bool:
    waiting = conversation.status is Status.WAITING and not conversation.exited
    return waiting or conversation.status is Status.GUIDING


def _step(flow: Flow, conversation: Conversation, settings: Settings) -> Prompt:
    step = flow.by_id[conversation.step]
    values = flow_values(flow, settings)
    return Prompt(
        kind="step",
        turn=conversation.turn,
        step=step.id,
        title=step_title(step, flow, settings),
        text=_filled(step.text, values),
        test=_filled(step.test, values),
        why=_filled(step.why, values),
        warning=_filled(step.warn, values),
        again=_filled(flow.again, values),
        secret=step.secret or "",
        progress=None if flow.id == PICKER else Progress(at=step.part, of=flow.parts),
        image=step.image,
        links=_links(step, values),
        choices=options(flow, conversation),
        back=bool(conversation.path),
    )


def _links(step: Step, values: Mapping[str, str]) -> tuple[Href, ...]:
    found = []
    for link in step.links:
        url = values.get(link.url[1:-1], "") if link.url.startswith("{") else link.url
        if url.startswith("https://"):
            found.append(Href(label=link.label, url=url))
    return tuple(found)


def _card(flow: Flow, conversation: Conversation, settings: Settings) -> Prompt:
    values = flow_values(flow, settings) | ticket_values(flow, conversation, settings)
    kind, _, phrase = _CARDS[conversation.status]
    if conversation.status is Status.WAITING:
        team = flow.team(conversation.team)
        if team is not None and team.external and values["reach"]:
            phrase = "waiting_external"
    if conversation.may_go_on:
        phrase = "held_allowed"
    text = _filled(PHRASES[phrase], values)
    if phrase == "waiting":
        text += expected(conversation, conversation.team, settings)
    if conversation.status is Status.RESOLVED:
        text += _filled(flow.by_id[conversation.step].fixed, values)
    return Prompt(
        kind=kind,
        turn=conversation.turn,
        step=conversation.step,
        title=_card_title(flow, conversation, settings),
        text=text,
        choices=options(flow, conversation),
        back=conversation.exited and conversation.status is Status.WAITING,
        asks_how=may_rate(conversation),
        goes_on=conversation.may_go_on,
        asks_words=may_explain(conversation),
    )


def _card_title(flow: Flow, conversation: Conversation, settings: Settings) -> str:
    phrase = PHRASES[_CARDS[conversation.status][1]]
    return plain(fill(parse(phrase), ticket_values(flow, conversation, settings)))


def may_rate(conversation: Conversation) -> bool:
    """Return whether the bot asks the customer for a rating."""
    return conversation.status is Status.RESOLVED and conversation.rated == 0


def may_explain(conversation: Conversation) -> bool:
    """Return whether the customer has rated and may still add a comment."""
    return (
        conversation.status is Status.RESOLVED
        and conversation.rated > 0
        and not conversation.rating_has_words
    )


_CARDS: Mapping[Status, tuple[Kind, str, str]] = {
    Status.WAITING: ("waiting", "title_waiting", "waiting"),
    Status.WITH_AGENT: ("held", "title_held", "held"),
    Status.RESOLVED: ("resolved", "title_resolved", "resolved"),
    Status.CLOSED: ("closed", "title_closed", "closed_card"),
}


def tell_words(
    words: str, flow: Flow, conversation: Conversation, settings: Settings, step_id: str = ""
) -> Words:
    """Return the words of a Tell: "intro" is the flow's own, "step" the step of that id, every other id a phrase.

    An unknown id gives no words. A nudge is for a customer who went away, so it also says how to return to the flow.
    """
    values = flow_values(flow, settings) | ticket_values(flow, conversation, settings)
    if words == "intro":
        return _filled(flow.intro, values)
    if words == "step":
        return _step_to_read(flow, step_id, settings)
    further: Words = ()
    if words == "nudge":
        further = _filled(flow.again, values)
    elif words in ("escalated", "reopened_waiting"):
        further = expected(conversation, conversation.team, settings)
    return _filled(PHRASES.get(words), values) + further


def _step_to_read(flow: Flow, step_id: str, settings: Settings) -> Words:
    """Return a step to read: its title in bold, the instructions, and the warning."""
    step = flow.by_id.get(step_id)
    if step is None:
        return ()
    values = flow_values(flow, settings)
    title = fill(parse("**{title}**"), {"title": step_title(step, flow, settings)})
    return title + _filled(step.text, values) + _filled(step.warn, values)


def answered(flow: Flow, step_id: str, answer: str, settings: Settings) -> Words:
    """Return an answered step in a line: its title in bold, and the answer."""
    step = flow.by_id.get(step_id)
    if step is None:
        return ()
    choice = step.choice(answer)
    label = choice.label if choice else PHRASES.get(_EVENTS.get(answer, answer), "")
    pattern = "**{title}** · {label}" if label else "**{title}**"
    return fill(parse(pattern), {"title": step_title(step, flow, settings), "label": label})


_EVENTS: Mapping[str, str] = {"fixed": "works_now", "timer": ""}
"""Events whose label on screen differs from their type: a step that does not offer `fixed` shows it as *It works now*.
"""


def flow_values(flow: Flow, settings: Settings) -> dict[str, str]:
    """Return a flow's variables with the operator's settings filled in."""
    return {variable.name: settings.get(variable.setting) or variable.default for variable in flow.vars}


def ticket_values(flow: Flow, conversation: Conversation, settings: Settings) -> dict[str, str]:
    """Return the values that phrases about a ticket may use."""
    step = flow.by_id.get(conversation.step)
    name, reach = owner(flow, conversation.team or flow.escalate.team, settings)
    return {
        "ticket": str(conversation.ticket),
        "team": name,
        "reach": reach,
        "title": step_title(step, flow, settings) if step else "",
        "flow": flow.title,
        "agent": conversation.holder_name or PHRASES["a_person"],
        "mail": conversation.mail,
    }


def owner(flow: Flow, team_id: str, settings: Settings) -> tuple[str, str]:
    """Return a team's name and address, the operator's settings first; the address is '' if none is set."""
    team = flow.team(team_id) or Team(id=SUPPORT, name=PHRASES["our_team"])
    prefix = f"TEAM_{team.id.upper().replace('-', '_')}"
    name = settings.get(f"{prefix}_NAME") or plain(fill(parse(team.name), flow_values(flow, settings)))
    reach = settings.get(f"{prefix}_EMAIL") or team.email or settings.get("SUPPORT_EMAIL", "")
    return name, reach


def team_names(flows: Iterable[Flow], settings: Settings) -> dict[str, str]:
    """Return the names of all teams of these flows by id, in the order of the flows."""
    return {team.id: owner(flow, team.id, settings)[0] for flow in flows for team in flow.teams}


def _filled(text: str | None, values: Mapping[str, str]) -> Words:
    return fill(parse(text), values) if text else ()
