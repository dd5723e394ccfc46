"""Makes two small flows in code, so that a test of the engine needs no file."""

from flows.catalogue import Catalogue
from flows.conversation import Conversation
from flows.effects import Change
from flows.engine import advance, apply
from flows.events import Event, Started
from flows.flow import Choice, Escalation, Flow, Step, Team
from flows.replies import Canned

MAKER = Escalation(team="maker", reason="guide_exhausted")
FIXED_IT = Choice(id="fixed", label="Fixed it", fixed=True)


def failing(to: str | None = None) -> Choice:
    """Return the choice Still failing, which leads to that step or to a person."""
    if to is None:
        return Choice(id="still-failing", label="Still failing", escalate=MAKER)
    return Choice(id="still-failing", label="Still failing", to=to)


def lamp() -> Flow:
    """Return the flow plug → bulb (an observation) → switch. A broken bulb leads to the nested step `new-bulb`."""
    bulb = Step(
        id="bulb",
        title="Look at the bulb",
        text="Is the wire inside whole?",
        observes=True,
        part=2,
        choices=(
            Choice(id="whole", label="Whole", to="switch", records=(("wire", "whole"),)),
            Choice(id="broken", label="Broken", to="new-bulb"),
            Choice(id="smell", label="It smells of smoke", flow="fire"),
            Choice(
                id="cant-find",
                label="I can't find this",
                escalate=Escalation(team="maker", reason="cannot_find"),
            ),
        ),
    )
    return Flow(
        id="lamp",
        title="The lamp stays dark",
        intro="Two sentences on lamps.",
        start=("lamp is dark since {since}", "lamp is dark"),
        teams=(Team(id="maker", name="the lamp maker", email="help@lamps.example", external=True),),
        escalate=MAKER,
        steps=(
            Step(
                id="plug",
                title="Plug it in",
                text="1. Plug.\n2. Look.",
                choices=(FIXED_IT, failing("bulb")),
                fixed="Good plug.",
            ),
            bulb,
            Step(
                id="new-bulb",
                title="Put in a new bulb",
                text="Swap it.",
                part=2,
                parent="bulb",
                choices=(FIXED_IT, failing("switch")),
            ),
            Step(
                id="switch", title="Press the switch", text="Press it.", part=3, choices=(FIXED_IT, failing())
            ),
        ),
    )


def fire() -> Flow:
    """Return a flow of one step, to which the lamp's flow leads."""
    return Flow(
        id="fire",
        title="It smells of smoke",
        teams=(Team(id="safety", name="Safety", email="safety@lamps.example"),),
        escalate=Escalation(team="safety", reason="guide_exhausted"),
        steps=(
            Step(
                id="unplug",
                title="Unplug it",
                text="Now.",
                choices=(
                    FIXED_IT,
                    Choice(
                        id="still-failing",
                        label="Still failing",
                        escalate=Escalation(team="safety", reason="guide_exhausted"),
                    ),
                ),
            ),
        ),
    )


def catalogue() -> Catalogue:
    """Return a catalogue of both flows and two saved replies, one of them only for the fire."""
    thanks = Canned(id="thanks", title="Thank you", text="Thank you, {contact}. {agent}, for {ticket}")
    water = Canned(id="water", title="Water", text="Pour water on it.", flows=("fire",))
    return Catalogue(flows=(lamp(), fire()), replies=(thanks, water))


class Walk:
    """Moves a conversation by events without a store, and counts versions, times and ticket numbers itself."""

    def __init__(self, shelf: Catalogue | None = None) -> None:
        """The conversation is empty until `start`."""
        self.shelf = shelf or catalogue()
        self.at = Conversation(id="07walk")
        self.rows: list[Change] = []
        self._count = 0

    def try_(self, event: Event) -> object:
        """Return the engine's change or refusal for an event, without applying it. Adds a key, and Ana as the actor."""
        self._count += 1
        update = {"key": event.key or f"k{self._count}", "actor": event.actor or "web:ana"}
        flow = next((flow for flow in self.shelf.by_id.values() if flow.revision == self.at.revision), None)
        return advance(flow or self.shelf.picker, self.at, event.model_copy(update=update), self.shelf)

    def do(self, event: Event) -> Conversation:
        """Apply the engine's change for an event. A refusal fails the test."""
        verdict = self.try_(event)
        assert isinstance(verdict, Change), verdict
        number = 71 if verdict.take_ticket else 0
        stamped = verdict.model_copy(
            update={"version": self.at.version + 1, "at": 1_000 * (self.at.version + 1), "ticket": number}
        )
        self.at = apply(self.at, stamped)
        self.rows.append(stamped)
        return self.at

    def start(self, flow: str = "lamp", text: str = "") -> Conversation:
        """Start Ana's conversation."""
        return self.do(Started(door="web/ana", address="web||||ana", flow=flow, text=text))
