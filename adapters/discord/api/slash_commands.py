"""Defines the commands for Discord in several languages, and the choices offered while a customer types. Pure.

Discord documents the fields at docs.discord.com/developers/interactions/application-commands. Interactions always
carry the name in English, whatever language the customer saw.
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from flows.catalogue import Catalogue
from flows.text.starts import recognise
from flows.values import Frozen

Json = dict[str, Any]

COMMAND: Final = "fix"
PROBLEM: Final = "problem"
"""The option of `/fix` that says what is wrong: the id of a chosen flow, or else text."""

WHERE: Final = "where"
PRIVATE: Final = "private"
HERE: Final = "here"
"""The values of the option `where`: a private thread, which is the default, or a public one."""

MENU: Final = "Troubleshoot this"
"""The command in a message's context menu; the message's author becomes the contact."""

SEND: Final = "Send to the customer"
"""The agents' command in a message's context menu: sends an internal note as a reply."""

OPEN_TICKET: Final = "Open ticket"
"""The agents' command in a message's context menu: opens a ticket for the message's author."""

REPLY: Final = "reply"
WORDS: Final = "text"
"""The command with which agents reply to the customer from their own thread, and its option."""

TICKETS: Final = "tickets"
"""The command that lists an agent's own tickets."""

CHAT_INPUT, MESSAGE, STRING = 1, 3, 3
GUILD_INSTALL: Final = 0
IN_GUILD, IN_DIRECT_MESSAGES = 0, 1

MANAGE_MESSAGES: Final = 1 << 13
AGENTS_ONLY: Final[Mapping[str, Any]] = MappingProxyType(
    {"contexts": [IN_GUILD], "default_member_permissions": MANAGE_MESSAGES}
)
"""Where agents' commands appear, and for whom until an admin of the server decides otherwise: who may manage messages.

*Manage Threads* would show them every private thread. The handlers check that a person is an agent, whatever Discord
shows.
"""

OFFERED: Final = 25
"""Choices that an autocomplete may offer."""

LONGEST: Final = 100
"""Characters of a choice's name and of its value."""

LONGEST_PROBLEM: Final = 1000
"""Characters of an error that a customer may paste into the option; Discord takes 6000."""

LONGEST_REPLY: Final = 4000
"""Characters of a reply, as in the reply form."""

LANGUAGES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "fix": MappingProxyType({"de": "beheben", "fr": "depanner", "es-ES": "arreglar"}),
        "Walk through a fix, step by step": MappingProxyType(
            {
                "de": "Schritt für Schritt zur Lösung",
                "fr": "La solution, pas à pas",
                "es-ES": "La solución, paso a paso",
            }
        ),
        "problem": MappingProxyType({"de": "problem", "fr": "probleme", "es-ES": "problema"}),
        "What's wrong? Choose a problem, or paste the error message": MappingProxyType(
            {
                "de": "Was geht nicht? Wähle aus oder füge die Fehlermeldung ein",
                "fr": "Qu'est-ce qui ne va pas ? Choisissez, ou collez le message d'erreur",
                "es-ES": "¿Qué falla? Elige, o pega el mensaje de error",
            }
        ),
        "where": MappingProxyType({"de": "wo", "fr": "ou", "es-ES": "donde"}),
        "Where the steps appear (by default, in a private thread)": MappingProxyType(
            {
                "de": "Wo die Schritte erscheinen; ohne Angabe in einem privaten Thread",
                "fr": "Où les étapes apparaissent ; sinon dans un fil privé",
                "es-ES": "Dónde aparecen los pasos; si no, en un hilo privado",
            }
        ),
        "In a private thread": MappingProxyType(
            {"de": "In einem privaten Thread", "fr": "Dans un fil privé", "es-ES": "En un hilo privado"}
        ),
        "Here, visible to everyone": MappingProxyType(
            {
                "de": "Hier, für alle sichtbar",
                "fr": "Ici, visible par tous",
                "es-ES": "Aquí, a la vista de todos",
            }
        ),
        "reply": MappingProxyType({"de": "antworten", "fr": "repondre", "es-ES": "responder"}),
        "For agents: write to the customer of this thread": MappingProxyType(
            {
                "de": "Für Betreuer: an den Kunden dieses Threads schreiben",
                "fr": "Pour les agents : écrire au client de ce fil",
                "es-ES": "Para agentes: escribir al cliente de este hilo",
            }
        ),
        "tickets": MappingProxyType({"de": "tickets", "fr": "tickets", "es-ES": "tickets"}),
        "For agents: list your tickets": MappingProxyType(
            {
                "de": "Für Betreuer: deine Tickets auflisten",
                "fr": "Pour les agents : afficher vos tickets",
                "es-ES": "Para agentes: ver tus tickets",
            }
        ),
        "text": MappingProxyType({"de": "text", "fr": "texte", "es-ES": "texto"}),
        "What they read": MappingProxyType(
            {"de": "Was zu lesen sein wird", "fr": "Ce qui sera lu", "es-ES": "Lo que se leerá"}
        ),
        SEND: MappingProxyType(
            {"de": "An den Kunden senden", "fr": "Envoyer au client", "es-ES": "Enviar al cliente"}
        ),
        OPEN_TICKET: MappingProxyType(
            {"de": "Ticket eröffnen", "fr": "Ouvrir un ticket", "es-ES": "Abrir un ticket"}
        ),
        MENU: MappingProxyType(
            {"de": "Hierbei helfen", "fr": "Dépanner ceci", "es-ES": "Ayudar con esto"},
        ),
    }
)
"""Translations by Discord's names of the languages; the other languages see English."""


class ProblemOption(Frozen):
    """What a customer gave as the problem: the id of a chosen flow, or else text."""

    flow: str = ""
    text: str = ""


def commands() -> list[Json]:
    """List all commands, as Discord takes them for the whole application at once."""
    options = [
        _translated("name", PROBLEM)
        | _translated("description", "What's wrong? Choose a problem, or paste the error message")
        | {"type": STRING, "required": False, "autocomplete": True, "max_length": LONGEST_PROBLEM},
        _translated("name", WHERE)
        | _translated("description", "Where the steps appear (by default, in a private thread)")
        | {
            "type": STRING,
            "required": False,
            "choices": [
                _translated("name", "In a private thread") | {"value": PRIVATE},
                _translated("name", "Here, visible to everyone") | {"value": HERE},
            ],
        },
    ]
    everywhere = {"integration_types": [GUILD_INSTALL], "contexts": [IN_GUILD, IN_DIRECT_MESSAGES]}
    fix = _translated("name", COMMAND) | _translated("description", "Walk through a fix, step by step")
    return [
        {"type": CHAT_INPUT, **fix, "options": options, **everywhere},
        {"type": MESSAGE, **_translated("name", MENU), **everywhere, "contexts": [IN_GUILD]},
        {"type": MESSAGE, **_translated("name", SEND), **everywhere, **AGENTS_ONLY},
        {"type": MESSAGE, **_translated("name", OPEN_TICKET), **everywhere, **AGENTS_ONLY},
        {"type": CHAT_INPUT, **_reply(), **everywhere, **AGENTS_ONLY},
        {"type": CHAT_INPUT, **_tickets(), **everywhere, **AGENTS_ONLY},
    ]


def _reply() -> Json:
    words = _translated("name", WORDS) | _translated("description", "What they read")
    option = words | {"type": STRING, "required": True, "max_length": LONGEST_REPLY}
    description = _translated("description", "For agents: write to the customer of this thread")
    return {**_translated("name", REPLY), **description, "options": [option]}


def _tickets() -> Json:
    return {**_translated("name", TICKETS), **_translated("description", "For agents: list your tickets")}


def _translated(field: str, english: str) -> Json:
    """Build a field in English, with its translations."""
    return {field: english, f"{field}_localizations": dict(LANGUAGES[english])}


def fingerprint() -> str:
    """Hash the commands: equal commands give equal hashes in every process."""
    return hashlib.blake2s(json.dumps(commands(), sort_keys=True).encode(), digest_size=12).hexdigest()


def autocomplete(data: Json, catalogue: Catalogue) -> list[Json]:
    """Offer choices for the text typed so far (the response of type 8 to an interaction of type 4).

    `data` is the interaction's. Flows are found by their errors, by words of their titles and by their ids; with no
    text all are offered. Customers may always send their own text instead.
    """
    focused = next((option for option in _options(data) if option.get("focused")), {})
    if focused.get("name") != PROBLEM:
        return []
    typed = str(focused.get("value") or "")
    return [{"name": _cut(title), "value": flow} for title, flow in _found(typed, catalogue)][:OFFERED]


def problem(data: Json, catalogue: Catalogue) -> ProblemOption:
    """Read the problem from a submitted `/fix`."""
    value = next(
        (str(option.get("value") or "") for option in _options(data) if option.get("name") == PROBLEM), ""
    ).strip()
    chosen = any(flow.id == value for flow in catalogue.flows)
    return ProblemOption(flow=value) if chosen else ProblemOption(text=value)


def words(data: Json) -> str:
    """Read an agent's text from a submitted `/reply`."""
    values = {str(option.get("name")): option.get("value") for option in _options(data)}
    return str(values.get(WORDS) or "").strip()


def where(data: Json) -> str:
    """Read PRIVATE or HERE from a submitted `/fix`."""
    values = {str(option.get("name")): option.get("value") for option in _options(data)}
    return HERE if values.get(WHERE) == HERE else PRIVATE


def _options(data: Json) -> list[Json]:
    options = data.get("options")
    return [option for option in options if isinstance(option, dict)] if isinstance(options, list) else []


def _found(typed: str, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """List matching titles and ids, the likeliest first."""
    words = _plain(typed).split()
    recognized = recognise(catalogue.flows, typed) if words else None
    for flow in catalogue.flows:
        if recognized is not None and flow.id == recognized.flow:
            yield flow.title, flow.id
    for flow in catalogue.flows:
        known = f"{_plain(flow.title)} {flow.id}"
        if (recognized is None or flow.id != recognized.flow) and all(word in known for word in words):
            yield flow.title, flow.id


def _plain(text: str) -> str:
    """Remove case and accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _cut(title: str) -> str:
    return title if len(title) <= LONGEST else title[: LONGEST - 1] + "…"
