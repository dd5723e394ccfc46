"""The commands as Discord is to know them, in several languages, and what is offered while somebody types. Pure.

Discord documents the fields at docs.discord.com/developers/interactions/application-commands. Interactions always
carry the name in English, whatever language the person saw.
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from flows.catalogue import Catalogue
from flows.text.understanding import recognise
from flows.values import Frozen

Json = dict[str, Any]

COMMAND: Final = "fix"
PROBLEM: Final = "problem"
"""The option of `/fix` that says what is wrong: the id of a flow where one was chosen, else words."""

WHERE: Final = "where"
PRIVATE: Final = "private"
HERE: Final = "here"
"""The values of the option `where`: a private thread, which is also meant by silence, or a public one."""

MENU: Final = "Troubleshoot this"
"""The command of a message's context menu: the contact is the message's author."""

SEND: Final = "Send to the customer"
"""The same for agents: a note of theirs becomes a reply."""

REPLY: Final = "reply"
WORDS: Final = "text"
"""The command by which agents write to a customer from their own thread, and its option."""

CHAT_INPUT, MESSAGE, STRING = 1, 3, 3
GUILD_INSTALL: Final = 0
IN_GUILD, IN_DIRECT_MESSAGES = 0, 1

OFFERED: Final = 25
"""Choices that an autocomplete may offer."""

LONGEST: Final = 100
"""Characters of a choice's name and of its value."""

LONGEST_PROBLEM: Final = 1000
"""Characters of an error that somebody pastes into the option; Discord takes 6000."""

LONGEST_REPLY: Final = 4000
"""Characters of a reply, as in the form for it."""

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
        "text": MappingProxyType({"de": "text", "fr": "texte", "es-ES": "texto"}),
        "What they read": MappingProxyType(
            {"de": "Was zu lesen sein wird", "fr": "Ce qui sera lu", "es-ES": "Lo que se leerá"}
        ),
        SEND: MappingProxyType(
            {"de": "An den Kunden senden", "fr": "Envoyer au client", "es-ES": "Enviar al cliente"}
        ),
        MENU: MappingProxyType(
            {"de": "Hierbei helfen", "fr": "Dépanner ceci", "es-ES": "Ayudar con esto"},
        ),
    }
)
"""What is shown in other languages than English, by Discord's names of them; English is shown for the rest."""


class ProblemOption(Frozen):
    """What somebody gave as their problem: a flow's id where they chose one, else their words."""

    flow: str = ""
    text: str = ""


def commands() -> list[Json]:
    """All commands, as Discord takes them for the whole application at once."""
    options = [
        _said("name", PROBLEM)
        | _said("description", "What's wrong? Choose a problem, or paste the error message")
        | {"type": STRING, "required": False, "autocomplete": True, "max_length": LONGEST_PROBLEM},
        _said("name", WHERE)
        | _said("description", "Where the steps appear (by default, in a private thread)")
        | {
            "type": STRING,
            "required": False,
            "choices": [
                _said("name", "In a private thread") | {"value": PRIVATE},
                _said("name", "Here, visible to everyone") | {"value": HERE},
            ],
        },
    ]
    everywhere = {"integration_types": [GUILD_INSTALL], "contexts": [IN_GUILD, IN_DIRECT_MESSAGES]}
    fix = _said("name", COMMAND) | _said("description", "Walk through a fix, step by step")
    return [
        {"type": CHAT_INPUT, **fix, "options": options, **everywhere},
        {"type": MESSAGE, **_said("name", MENU), **everywhere, "contexts": [IN_GUILD]},
        {"type": MESSAGE, **_said("name", SEND), **everywhere, "contexts": [IN_GUILD]},
        {"type": CHAT_INPUT, **_reply(), **everywhere, "contexts": [IN_GUILD]},
    ]


def _reply() -> Json:
    words = _said("name", WORDS) | _said("description", "What they read")
    asked = words | {"type": STRING, "required": True, "max_length": LONGEST_REPLY}
    told = _said("description", "For agents: write to the customer of this thread")
    return {**_said("name", REPLY), **told, "options": [asked]}


def _said(field: str, english: str) -> Json:
    """A field in English, and in the other languages."""
    return {field: english, f"{field}_localizations": dict(LANGUAGES[english])}


def fingerprint() -> str:
    """The same for the same commands, whoever asks."""
    return hashlib.blake2s(json.dumps(commands(), sort_keys=True).encode(), digest_size=12).hexdigest()


def autocomplete(data: Json, catalogue: Catalogue) -> list[Json]:
    """What is offered for what was typed so far: the choices of the answer (type 8) to an interaction of type 4.

    `data` is the interaction's. Flows are found by the error they are for, by their title's words and by their id;
    with nothing typed all are offered. What was typed always remains possible: Discord sends it as it is.
    """
    focused = next((one for one in _options(data) if one.get("focused")), {})
    if focused.get("name") != PROBLEM:
        return []
    typed = str(focused.get("value") or "")
    return [{"name": _cut(title), "value": flow} for title, flow in _found(typed, catalogue)][:OFFERED]


def problem(data: Json, catalogue: Catalogue) -> ProblemOption:
    """What is wrong, from a `/fix` that was sent."""
    given = next(
        (str(one.get("value") or "") for one in _options(data) if one.get("name") == PROBLEM), ""
    ).strip()
    chosen = any(flow.id == given for flow in catalogue.flows)
    return ProblemOption(flow=given) if chosen else ProblemOption(text=given)


def words(data: Json) -> str:
    """What an agent writes, from a `/reply` that was sent."""
    given = {str(one.get("name")): one.get("value") for one in _options(data)}
    return str(given.get(WORDS) or "").strip()


def where(data: Json) -> str:
    """PRIVATE or HERE, from a `/fix` that was sent."""
    given = {str(one.get("name")): one.get("value") for one in _options(data)}
    return HERE if given.get(WHERE) == HERE else PRIVATE


def _options(data: Json) -> list[Json]:
    options = data.get("options")
    return [one for one in options if isinstance(one, dict)] if isinstance(options, list) else []


def _found(typed: str, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Titles and ids, the likeliest first."""
    words = _plain(typed).split()
    heard = recognise(catalogue.flows, typed) if words else None
    for flow in catalogue.flows:
        if heard is not None and flow.id == heard.flow:
            yield flow.title, flow.id
    for flow in catalogue.flows:
        known = f"{_plain(flow.title)} {flow.id}"
        if (heard is None or flow.id != heard.flow) and all(word in known for word in words):
            yield flow.title, flow.id


def _plain(text: str) -> str:
    """Without case and accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _cut(title: str) -> str:
    return title if len(title) <= LONGEST else title[: LONGEST - 1] + "…"
