"""Draws what an Ask shows and a Tell says, free of platform: the prompt of a conversation's present turn."""

from collections import Counter
from collections.abc import Iterable, Mapping

from flows.cards import Kind, card_of, may_explain, may_rate
from flows.catalogue import PICKER, SUPPORT
from flows.conversation import Conversation, Status
from flows.expectation import ReplyRoute, by_route, promised, reply_route
from flows.flow import FIXED, STILL_WORKING, Flow, Image, Step, Team
from flows.suggestions import Suggestion, suggestion
from flows.text.markup.words import Words, fill, parse, plain
from flows.text.phrases import PHRASES
from flows.values import Frozen


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
    card while an agent is assigned, "paused" the card while an agent writes in the customer's public place; "resolved"
    and "closed" offer *It's happening again*, and the day after a fix *Still working*. `choices` are the
    answers (event Answered); the built-in buttons are events of their own: `back` says whether Back leads anywhere.
    `asks_how` says that the customer may rate the help (event Rated): once, after a solution, and never if the
    conversation was closed because the customer was silent. `asks_words` says that they have rated and may still
    comment. `goes_on` says that they may continue the guide although an agent is assigned (event Withdrawn).
    `suggestion` asks what the customer's last words meant: a yes is the button it names, a no is the event Dismissed.
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
    suggestion: Suggestion | None = None


Settings = Mapping[str, str]
"""The operator's words by setting name: values of a flow's variables, and `TEAM_<ID>_NAME` or `_EMAIL`."""


def options(flow: Flow, conversation: Conversation) -> tuple[Option, ...]:
    """Return the answers on screen now; none while an agent is assigned or writes, and after the end only the one to
    the question whether it still works.
    """
    if not answers(flow, conversation):
        return ()
    if conversation.status is Status.RESOLVED:
        return (Option(id=STILL_WORKING, label=PHRASES["still_working"], primary=True),)
    if conversation.exited:
        return (Option(id=FIXED, label=PHRASES["works_now"], primary=True),)
    step = flow.by_id[conversation.step]
    return tuple(Option(id=choice.id, label=choice.label, primary=choice.fixed) for choice in step.choices)


def answers(flow: Flow, conversation: Conversation) -> tuple[str, ...]:
    """Return the ids of the answers on screen now."""
    if conversation.status is Status.RESOLVED and conversation.follow_up == "asked":
        return (STILL_WORKING,)
    if conversation.status not in (Status.GUIDING, Status.WAITING) or conversation.hushed:
        return ()
    if conversation.exited:
        return (FIXED,)
    return flow.by_id[conversation.step].answers


def prompt(flow: Flow, conversation: Conversation, settings: Settings) -> Prompt:
    """Return the prompt of the present turn. `flow` is the revision the conversation is pinned to."""
    shown = _step if _shows_step(conversation) else _card
    drawn = shown(flow, conversation, settings)
    if not conversation.suggested:
        return drawn
    labels = [(option.id, option.label) for option in drawn.choices]
    return drawn.model_copy(update={"suggestion": suggestion(conversation, labels)})


def headline(flow: Flow, conversation: Conversation, settings: Settings) -> str:
    """Return the title of the present turn's prompt, without drawing the rest of the prompt."""
    if _shows_step(conversation):
        return step_title(flow.by_id[conversation.step], flow, settings)
    return _card_title(flow, conversation, settings)


def step_title(step: Step, flow: Flow, settings: Settings) -> str:
    """Return a step's title as plain text."""
    return plain(fill(parse(step.title), flow_values(flow, settings)))


def step_choices(flow: Flow, settings: Settings) -> tuple[tuple[str, str], ...]:
    """Return the ids and titles of a flow's steps; an equal title names the step that it belongs to."""
    titles = {step.id: step_title(step, flow, settings) for step in flow.steps}
    often = Counter(titles.values())
    return tuple(
        (step.id, f"{title} ({titles.get(step.parent or '', step.id)})" if often[title] > 1 else title)
        for step, title in zip(flow.steps, titles.values(), strict=True)
    )


def _shows_step(conversation: Conversation) -> bool:
    waiting = conversation.status is Status.WAITING and not conversation.exited
    return waiting or (conversation.status is Status.GUIDING and not conversation.hushed)


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
    card = card_of(conversation)
    text = _said_by_route(card.text, flow, conversation, settings)
    if conversation.status is Status.WAITING and "paused" in conversation.reasons:
        text = _filled(PHRASES["paused"], values) + text
    if card.text == "resolved":
        text += _filled(flow.by_id[conversation.step].fixed, values)
    return Prompt(
        kind=card.kind,
        turn=conversation.turn,
        step=conversation.step,
        title=_card_title(flow, conversation, settings),
        text=text,
        choices=options(flow, conversation),
        back=conversation.exited and conversation.status is Status.WAITING,
        asks_how=may_rate(conversation),
        goes_on=conversation.may_go_on or conversation.hushed,
        asks_words=may_explain(conversation),
    )


def _card_title(flow: Flow, conversation: Conversation, settings: Settings) -> str:
    values = ticket_values(flow, conversation, settings)
    phrase = by_route(card_of(conversation).title, _route(flow, conversation, values["reach"]))
    return plain(fill(parse(PHRASES[phrase]), values))


def tell_words(
    words: str, flow: Flow, conversation: Conversation, settings: Settings, step_id: str = "", agent: str = ""
) -> Words:
    """Return the words of a Tell: "intro" is the flow's own, "step" the step of that id, every other id a phrase.

    `agent` is the name of the agent whom the phrase is about. An unknown id gives no words. A nudge is for a customer
    who went away, so it also says how to return to the flow.
    """
    values = flow_values(flow, settings) | ticket_values(flow, conversation, settings)
    if words == "intro":
        return _filled(flow.intro, values)
    if words == "step":
        return _step_to_read(flow, step_id, settings)
    if words not in PHRASES:
        return ()
    by_name = f"{words}_by" if agent and f"{words}_by" in PHRASES else words
    said = _said_by_route(by_name, flow, conversation, settings, agent)
    if words == "reopened_advice" and step_id in flow.by_id:
        return said + _filled(flow.by_id[step_id].fixed, values)
    return said + _filled(flow.again, values) if words == "nudge" else said


def _said_by_route(
    phrase: str, flow: Flow, conversation: Conversation, settings: Settings, agent: str = ""
) -> Words:
    """Return a phrase that is true for where the reply comes from, and when to expect the reply if it comes here."""
    values = flow_values(flow, settings) | ticket_values(flow, conversation, settings)
    values |= {"agent": agent} if agent else {}
    route = _route(flow, conversation, values["reach"])
    return _filled(PHRASES[by_route(phrase, route)], values) + promised(phrase, route, conversation, settings)


def _route(flow: Flow, conversation: Conversation, reach: str) -> ReplyRoute:
    team, assigned = flow.team(conversation.team), conversation.status is Status.WITH_AGENT
    return reply_route(external=team is not None and team.external, email=reach, assigned=assigned)


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


_EVENTS: Mapping[str, str] = {"fixed": "works_now", "still-working": "still_working", "timer": ""}
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
        "agent": conversation.agent_name or PHRASES["a_person"],
        "mail": conversation.mail,
    }


def owner(flow: Flow, team_id: str, settings: Settings) -> tuple[str, str]:
    """Return a team's name and address, the operator's settings first; the address is '' if none is set.

    The operator's general address reaches no external team, so it is not the address of one.
    """
    team = flow.team(team_id) or Team(id=SUPPORT, name=PHRASES["our_team"])
    prefix = f"TEAM_{team.id.upper().replace('-', '_')}"
    name = settings.get(f"{prefix}_NAME") or plain(fill(parse(team.name), flow_values(flow, settings)))
    general = "" if team.external else settings.get("SUPPORT_EMAIL", "")
    reach = settings.get(f"{prefix}_EMAIL") or team.email or general
    return name, reach


def team_names(flows: Iterable[Flow], settings: Settings) -> dict[str, str]:
    """Return the names of all teams of these flows by id, in the order of the flows."""
    return {team.id: owner(flow, team.id, settings)[0] for flow in flows for team in flow.teams}


def _filled(text: str | None, values: Mapping[str, str]) -> Words:
    return fill(parse(text), values) if text else ()
