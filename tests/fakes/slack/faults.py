"""Makes calls late, lost or refused on command, and events repeated, late or out of order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

HTML = "<!DOCTYPE html><html><body>Something went wrong</body></html>"


@dataclass(frozen=True)
class Fault:
    """What happens to the next `times` calls of `method` (`*`: of any method)."""

    method: str
    delay: float = 0.0
    lose: bool = False
    error: str = ""
    messages: Sequence[str] = ()
    status: int = 0
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "text/plain"


@dataclass
class Faults:
    """Holds the faults that a test sets. The first fault that fits a call strikes it and is used up."""

    planned: list[Fault] = field(default_factory=list)
    copies: int = 0
    late: list[float] = field(default_factory=list)
    together: int = 0
    swallowed: int = 0
    unsupported: set[str] = field(default_factory=set)

    def delay(self, method: str, seconds: float, times: int = 1) -> None:
        """Do the work at once, but answer that many seconds later."""
        self._plan(Fault(method, delay=seconds), times)

    def lose_answer(self, method: str, times: int = 1) -> None:
        """Do the work, but cut the connection instead of answering."""
        self._plan(Fault(method, lose=True), times)

    def busy(self, method: str, retry_after: int = 1, times: int = 1) -> None:
        """Answer 429 with Retry-After, and do nothing."""
        self._plan(
            Fault(
                method,
                status=429,
                body='{"ok": false, "error": "ratelimited"}',
                headers={"Retry-After": str(retry_after)},
                content_type="application/json",
            ),
            times,
        )

    def answer(self, method: str, status: int = 500, body: str = "", times: int = 1) -> None:
        """Answer with that status and body, and do nothing."""
        self._plan(Fault(method, status=status, body=body), times)

    def html(self, method: str, status: int = 200, times: int = 1) -> None:
        """Answer with an HTML page instead of JSON, and do nothing."""
        self._plan(Fault(method, status=status, body=HTML, content_type="text/html"), times)

    def refuse(self, method: str, error: str, times: int = 1, messages: Sequence[str] = ()) -> None:
        """Answer `{"ok": false, "error": …}`, and do nothing. `messages` says what is wrong, with a pointer."""
        self._plan(Fault(method, error=error, messages=messages), times)

    def complaints(self, args: Mapping[str, Any]) -> list[str]:
        """Return what Slack says about the blocks of a call whose types are `unsupported`, with pointers."""
        view = args.get("view")
        blocks, stem = (view.get("blocks"), "/view") if isinstance(view, dict) else (args.get("blocks"), "")
        return [
            f"[ERROR] unsupported type: {block['type']} [json-pointer:{stem}/blocks/{number}/type]"
            for number, block in enumerate(blocks or ())
            if isinstance(block, dict) and block.get("type") in self.unsupported
        ]

    def duplicate_events(self, times: int = 1) -> None:
        """Deliver each of the next events twice, with the same event_id."""
        self.copies += times

    def delay_events(self, seconds: float, times: int = 1) -> None:
        self.late += [seconds] * times

    def reorder_events(self, count: int = 2) -> None:
        """Hold the next `count` events until all have come, then send the last one first."""
        self.together = count

    def swallow_events(self, times: int = 1) -> None:
        """Deliver none of the next events."""
        self.swallowed += times

    def forget(self) -> None:
        """Remove all faults."""
        self.planned.clear()
        self.late.clear()
        self.unsupported.clear()
        self.copies = self.together = self.swallowed = 0

    def next(self, method: str) -> Fault | None:
        """Return the fault that strikes this call, or None."""
        for fault in self.planned:
            if fault.method in ("*", method):
                self.planned.remove(fault)
                return fault
        return None

    def _plan(self, fault: Fault, times: int) -> None:
        self.planned += [fault] * times
