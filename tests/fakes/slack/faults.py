"""What goes wrong on command: calls that are late, lost or refused, events that come twice, late or in disorder."""

from collections.abc import Mapping
from dataclasses import dataclass, field

HTML = "<!DOCTYPE html><html><body>Something went wrong</body></html>"


@dataclass(frozen=True)
class Fault:
    """What happens to the next `times` calls of `method` (`*`: of any)."""

    method: str
    delay: float = 0.0
    lose: bool = False
    error: str = ""
    status: int = 0
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "text/plain"


@dataclass
class Faults:
    """Each method below is a command; they add up, and the first that fits a call is used up by it."""

    planned: list[Fault] = field(default_factory=list)
    copies: int = 0
    late: list[float] = field(default_factory=list)
    together: int = 0
    swallowed: int = 0

    def delay(self, method: str, seconds: float, times: int = 1) -> None:
        """The answer comes that much later; the work is done at once."""
        self._plan(Fault(method, delay=seconds), times)

    def lose_answer(self, method: str, times: int = 1) -> None:
        """The work is done, and the line is cut instead of an answer."""
        self._plan(Fault(method, lose=True), times)

    def busy(self, method: str, retry_after: int = 1, times: int = 1) -> None:
        """429 with Retry-After, nothing done."""
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
        """That status and body, nothing done."""
        self._plan(Fault(method, status=status, body=body), times)

    def html(self, method: str, status: int = 200, times: int = 1) -> None:
        """A page where JSON was to come, nothing done."""
        self._plan(Fault(method, status=status, body=HTML, content_type="text/html"), times)

    def refuse(self, method: str, error: str, times: int = 1) -> None:
        """`{"ok": false, "error": …}`, nothing done."""
        self._plan(Fault(method, error=error), times)

    def duplicate_events(self, times: int = 1) -> None:
        """Each of the next events is delivered twice, with the same event_id."""
        self.copies += times

    def delay_events(self, seconds: float, times: int = 1) -> None:
        self.late += [seconds] * times

    def reorder_events(self, count: int = 2) -> None:
        """The next `count` events are held until all are there, and then sent last first."""
        self.together = count

    def swallow_events(self, times: int = 1) -> None:
        """The next events never come."""
        self.swallowed += times

    def forget(self) -> None:
        """All is well again."""
        self.planned.clear()
        self.late.clear()
        self.copies = self.together = self.swallowed = 0

    def next(self, method: str) -> Fault | None:
        """The fault that strikes this call."""
        for fault in self.planned:
            if fault.method in ("*", method):
                self.planned.remove(fault)
                return fault
        return None

    def _plan(self, fault: Fault, times: int) -> None:
        self.planned += [fault] * times
