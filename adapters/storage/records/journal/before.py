"""Says what the earlier rows of a journal have established, so that a row may omit it."""

from typing import NamedTuple

from flows.effects import Change


class Before(NamedTuple):
    """Holds what earlier lines have established, so that a line may omit it. All values are empty at the first line."""

    version: int = 0
    at: int = 0
    contact: str = ""
    turn: int = 0
    step: str = ""
    revision: str = ""
    prompt_effect: str = ""

    def then(self, change: Change) -> "Before":
        """Return what is established after a change."""
        values = change.set
        return Before(
            version=change.version,
            at=change.at,
            contact=str(values.get("contact", self.contact)),
            turn=int(str(values.get("turn", self.turn))),
            step=str(values.get("step", self.step)),
            revision=str(values.get("revision", self.revision)),
            prompt_effect=str(values.get("prompt_effect", self.prompt_effect)),
        )
