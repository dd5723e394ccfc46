"""Reads `replies.yaml`: saved replies by id, or findings, each a line that says what to fix and where."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from flows import limits
from flows.authoring.document import Node, Pairs, Scalar, kind
from flows.authoring.fields import Fields, text
from flows.authoring.findings import Finding, Findings, nearest, quoted
from flows.authoring.keys import Key, Shape
from flows.authoring.reader import document
from flows.orders import is_order
from flows.replies import BLANK, BLANKS, Canned
from flows.values import Frozen

FILE: Final = "replies.yaml"
"""The name of the file, which lies beside the flows and is not a flow."""

MOST: Final = 200
"""Replies in one file."""

LONGEST: Final = 1500
"""Characters of a reply's text: with its blanks filled it still fits into one Discord message of 2,000."""

REPLY: Final = Shape(
    name="a reply",
    keys=(
        Key(name="title", kind="line", required=True, limit=limits.LABEL, about="How agents find it."),
        Key(name="say", kind="texts", required=True, limit=LONGEST, about="What the customer reads."),
        Key(name="flows", kind="slugs", limit=limits.STEP_ID, about="The flows it is for; all by default."),
    ),
)
_ID: Final = Key(name="a reply's id", kind="slug", about="", limit=limits.STEP_ID)


class Replies(Frozen):
    """The result of a file: the replies without mistakes, and the findings in the order of the file.

    `places` are the lines of the replies, by id.
    """

    file: str
    replies: tuple[Canned, ...] = ()
    findings: tuple[Finding, ...] = ()
    places: Mapping[str, int] = {}

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Return the errors, because of which some replies are left out."""
        return tuple(finding for finding in self.findings if finding.level == "error")


def read_replies(data: bytes, file: str) -> Replies:
    """Read a `replies.yaml`. Raises nothing, whatever the bytes; a reply with a mistake is left out."""
    findings = Findings(file)
    root = document(data, findings, begin="an-id:")
    found: list[Canned] = []
    if isinstance(root, Pairs):
        for name, node in root.pairs[:MOST]:
            reply = _reply(name, node, findings)
            if reply is not None:
                found.append(reply)
        if len(root.pairs) > MOST:
            findings.error(root.pairs[MOST][0].at, f"a file can have at most {MOST} replies")
    elif root is not None:
        findings.error(root.at, f"this file must be a mapping of reply ids (`thanks:`), not {kind(root)}")
    places = {name.text: name.at.line for name, _ in root.pairs} if isinstance(root, Pairs) else {}
    return Replies(file=file, replies=tuple(found), findings=findings.sorted(), places=places)


def _reply(name: Scalar, node: Node, findings: Findings) -> Canned | None:
    reply_id = text(name, _ID, findings)
    if reply_id is not None and is_order(reply_id):
        findings.error(name.at, f"`!{reply_id}` is already a command; give the reply another id")
        reply_id = None
    if not isinstance(node, Pairs):
        findings.error(node.at, f"a reply must be a mapping with title and say, not {kind(node)}")
        return None
    fields = Fields(node, REPLY, findings)
    title, said = fields.text("title"), fields.text("say")
    flows = tuple(flow for flow, _ in fields.texts("flows"))
    if reply_id is None or title is None or said is None:
        return None
    unknown = [blank for blank in BLANK.findall(said) if blank not in BLANKS]
    for blank in unknown:
        known = ", ".join(BLANKS)
        findings.error(
            fields.place("say"),
            f"there is no {quoted('{' + blank + '}')}{nearest(blank, BLANKS)}; available: {known}",
        )
    return None if unknown else Canned(id=reply_id, title=title, text=said, flows=flows)


def unknown_flows(read: Replies, known: Collection[str]) -> Iterator[Finding]:
    """Yield a finding for each reply that is limited to an unknown flow; no flow then offers the reply."""
    for reply in read.replies:
        for flow in reply.flows:
            if flow not in known:
                reason = f"the reply {quoted(reply.id)} is for the flow {quoted(flow)}, which does not exist"
                yield Finding(
                    file=read.file,
                    line=read.places[reply.id],
                    column=1,
                    reason=f"{reason}{nearest(flow, known)}",
                )
