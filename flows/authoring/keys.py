"""Lists the keys of a flow file in one table: the reader refuses others, and the editors' schema is made from it."""

from typing import Final, Literal

from flows import limits
from flows.values import Frozen

Kind = Literal[
    "slug", "choice", "name", "reason", "setting", "email", "url", "source", "line", "heading", "words", "yes", "texts",
    "heard", "slugs", "target", "escalate", "records", "image", "links", "vars", "teams", "start", "answers",
    "answer", "steps", "tests",
]  # fmt: skip
"""Kinds of values; `flows.authoring.fields` reads the small ones, `flows.authoring.compiler` the large ones."""


class Key(Frozen):
    """A key: the kind of its value, what it is for, its longest length, and whether it may be empty."""

    name: str
    kind: Kind
    about: str
    required: bool = False
    limit: int = limits.SHORT
    empty: bool = False


class Shape(Frozen):
    """A kind of mapping and its keys. `name` is what a finding calls the mapping."""

    name: str
    keys: tuple[Key, ...]

    def key(self, name: str) -> Key | None:
        """Return the key of that name; None for an unknown name."""
        return next((key for key in self.keys if key.name == name), None)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all keys, in the order of the table."""
        return tuple(key.name for key in self.keys)


FLOW: Final = Shape(
    name="the flow",
    keys=(
        Key(name="flow", kind="slug", required=True, limit=limits.STEP_ID, about="The flow's id."),
        Key(
            name="title",
            kind="line",
            required=True,
            limit=limits.LABEL,
            about="The problem, as the picker shows it.",
        ),
        Key(
            name="intro",
            kind="words",
            limit=limits.TEXT,
            about="What the error means; starts the first message.",
        ),
        Key(name="start", kind="start", about="What starts the flow."),
        Key(
            name="heard",
            kind="heard",
            limit=limits.HEARD,
            about="How customers describe the problem in their own words.",
        ),
        Key(name="vars", kind="vars", about="Values that the operator sets, used as {name}."),
        Key(name="teams", kind="teams", required=True, about="The teams that take over, by id."),
        Key(
            name="escalate",
            kind="escalate",
            required=True,
            about="The team that takes over when the guide is exhausted.",
        ),
        Key(
            name="again",
            kind="words",
            limit=limits.NOTE,
            about="How to get back to where the steps are done.",
        ),
        Key(
            name="solutions",
            kind="texts",
            limit=limits.SOLUTION,
            about="What agents choose from when they resolve a ticket.",
        ),
        Key(name="steps", kind="steps", required=True, about="The steps, in their default order."),
        Key(name="tests", kind="tests", about="Walks through the flow, each with its end."),
    ),
)

STEP: Final = Shape(
    name="a step",
    keys=(
        Key(
            name="id",
            kind="slug",
            required=True,
            limit=limits.STEP_ID,
            about="The step's id, unique in the file.",
        ),
        Key(
            name="title", kind="heading", required=True, limit=limits.TITLE, about="The step in a few words."
        ),
        Key(
            name="say",
            kind="words",
            limit=limits.TEXT,
            about="What to do; shows Fixed it and Still failing.",
        ),
        Key(name="ask", kind="words", limit=limits.TEXT, about="What to look at; shows the answers."),
        Key(name="hint", kind="words", limit=limits.NOTE, about="How to find what the question is about."),
        Key(name="answers", kind="answers", about="Answers by label, and where each leads."),
        Key(name="test", kind="words", limit=limits.NOTE, about="How the customer knows whether it worked."),
        Key(name="why", kind="words", limit=limits.NOTE, about="Why the step is worth the effort."),
        Key(name="warn", kind="words", limit=limits.NOTE, about="A warning shown in the step."),
        Key(name="fixed", kind="words", limit=limits.NOTE, about="Shown after this step fixes the problem."),
        Key(name="image", kind="image", about="A picture: a file beside the flow, or an https address."),
        Key(name="links", kind="links", about="Pages worth opening."),
        Key(name="records", kind="records", about="Observations that a fix at this step proves."),
        Key(name="check", kind="name", limit=limits.NAME, about="The check that looks at the vendor's side."),
        Key(name="secret", kind="line", about="What must never be typed here, such as a password."),
        Key(name="was", kind="slugs", limit=limits.STEP_ID, about="Former ids of the step."),
    ),
)

_CHOICE: Final = (
    Key(
        name="choice",
        kind="choice",
        limit=limits.CHOICE_ID,
        about="The answer's id, if not the one made from its label.",
    ),
    Key(
        name="heard",
        kind="heard",
        limit=limits.HEARD,
        about="What else customers type when they mean the answer.",
    ),
    Key(name="records", kind="records", about="Observations that the answer proves."),
)
_LEADS: Final = (
    Key(name="to", kind="target", limit=limits.STEP_ID, about="next, a step's id, fixed or escalate."),
    Key(name="escalate", kind="name", limit=limits.NAME, about="The team that takes over."),
    Key(name="reason", kind="reason", limit=limits.NAME, about="The reason shown on the ticket."),
    Key(name="flow", kind="slug", limit=limits.STEP_ID, about="Another flow to continue with."),
)

NESTED: Final = Shape(
    name="a nested step",
    keys=(*_CHOICE, *(key for key in STEP.keys if key.name != "records")),
)
ANSWER: Final = Shape(
    name="an answer",
    keys=(
        *_CHOICE,
        *_LEADS,
        Key(name="link", kind="name", limit=limits.NAME, about="The provided link that could answer it."),
        Key(name="else", kind="answer", about="Where it leads if no link is provided."),
    ),
)
ELSE: Final = Shape(name="an `else`", keys=_LEADS)
ELSE_STEP: Final = Shape(name="a nested step", keys=tuple(key for key in STEP.keys if key.name != "records"))

START: Final = Shape(
    name="`start`",
    keys=(
        Key(
            name="on_text",
            kind="texts",
            limit=limits.PATTERN,
            about="Texts that start the flow; can contain {captures}.",
        ),
    ),
)
VARIABLE: Final = Shape(
    name="a variable",
    keys=(
        Key(name="setting", kind="setting", required=True, about="The operator's setting, in capitals."),
        Key(
            name="default",
            kind="line",
            limit=limits.NOTE,
            empty=True,
            about="What is shown if it is not set.",
        ),
    ),
)
TEAM: Final = Shape(
    name="a team",
    keys=(
        Key(
            name="name",
            kind="heading",
            required=True,
            limit=limits.LABEL,
            about="The name that customers see.",
        ),
        Key(name="email", kind="email", limit=limits.ADDRESS, about="The team's email address."),
        Key(name="external", kind="yes", about="Whether the team can be reached only by email."),
    ),
)
ESCALATE: Final = Shape(
    name="`escalate`",
    keys=(
        Key(name="to", kind="name", required=True, limit=limits.NAME, about="The team."),
        Key(name="reason", kind="reason", limit=limits.NAME, about="The reason; guide_exhausted by default."),
    ),
)
IMAGE: Final = Shape(
    name="an image",
    keys=(
        Key(
            name="src",
            kind="source",
            required=True,
            limit=limits.ADDRESS,
            about="A file beside the flow, or an https address.",
        ),
        Key(name="alt", kind="line", limit=limits.ALT, about="What it shows, for people who cannot see it."),
    ),
)
LINK: Final = Shape(
    name="a link",
    keys=(
        Key(name="label", kind="line", required=True, limit=limits.LABEL, about="What the page is."),
        Key(
            name="url",
            kind="url",
            required=True,
            limit=limits.ADDRESS,
            about="An https address, or one {variable}.",
        ),
    ),
)
TEST: Final = Shape(
    name="a test",
    keys=(
        Key(name="name", kind="line", required=True, limit=limits.TITLE, about="What the walk shows."),
        Key(
            name="do",
            kind="texts",
            required=True,
            limit=limits.LABEL,
            about="The answers given, by id or label.",
        ),
        Key(
            name="ends",
            kind="line",
            required=True,
            limit=limits.TITLE,
            about="resolved at STEP, or escalated at STEP [REASON] [to TEAM].",
        ),
    ),
)
SHAPES: Final = (
    FLOW, STEP, NESTED, ANSWER, ELSE, ELSE_STEP, START, VARIABLE, TEAM, ESCALATE, IMAGE, LINK, TEST,
)  # fmt: skip
