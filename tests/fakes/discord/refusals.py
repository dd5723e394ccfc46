"""Holds Discord's error codes, each with its status and message."""

from typing import Any

CODES: dict[int, tuple[int, str]] = {
    0: (401, "401: Unauthorized"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10011: (404, "Unknown Role"),
    10013: (404, "Unknown User"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    30007: (400, "Maximum number of webhooks reached (15)"),
    30034: (400, "Max number of daily application command creates has been reached (200)"),
    30046: (429, "Maximum number of edits to messages older than 1 hour reached. Try again later"),
    40003: (429, "You are opening direct messages too fast"),
    40005: (413, "Request entity too large"),
    40058: (403, "Cannot message this thread until after the post author has sent an initial message."),
    40060: (400, "Interaction has already been acknowledged."),
    40067: (400, "A tag is required to create a forum post in this channel"),
    40094: (400, "This interaction has reached the maximum number of follow up messages"),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    50055: (400, "Invalid Guild"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    50278: (403, "Cannot send messages to this user due to having no mutual guilds"),
    160002: (403, "Cannot reply without permission to read message history"),
    160004: (400, "A thread has already been created for this message"),
    160005: (400, "Thread is locked"),
    160006: (400, "Maximum number of active threads reached"),
    220001: (400, "Webhooks posted to forum channels must have a thread_name or thread_id"),
}


class Refusal(Exception):
    """An error response. `errors` names the wrong fields, nested as Discord nests them."""

    def __init__(self, code: int, errors: dict[str, Any] | None = None, status: int | None = None) -> None:
        known, words = CODES.get(code, (400, f"Error {code}"))
        super().__init__(f"{code}: {words} {errors or ''}")
        self.code = code
        self.status = status or known
        self.body: dict[str, Any] = {"message": words, "code": code}
        if errors:
            self.body["errors"] = errors


class Wrong:
    """Collects the faults of a form's fields, by path."""

    def __init__(self) -> None:
        self.errors: dict[str, Any] = {}

    def say(self, path: tuple[str | int, ...], words: str, code: str = "BASE_TYPE_BAD_LENGTH") -> None:
        """Note a fault of a field."""
        at = self.errors
        for part in path:
            at = at.setdefault(str(part), {})
        at.setdefault("_errors", []).append({"code": code, "message": words})

    def length(
        self, path: tuple[str | int, ...], value: Any, least: int, most: int, needed: bool = True
    ) -> None:
        """Check that a text or list has between `least` and `most` characters or items."""
        if value is None:
            if needed:
                self.say(path, "This field is required", "BASE_TYPE_REQUIRED")
        elif not least <= len(value) <= most:
            self.say(path, f"Must be between {least} and {most} in length.")

    def check(self) -> None:
        """Refuse the form if there are faults."""
        if self.errors:
            raise Refusal(50035, self.errors)


def unknown_route() -> Refusal:
    """Return the answer to an unknown path."""
    refusal = Refusal(0, status=404)
    refusal.body["message"] = "404: Not Found"
    return refusal
