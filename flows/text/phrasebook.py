"""Holds one language's sentences by id, with named blanks, and chooses the plural form that a number needs."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple


class Plural(NamedTuple):
    """One sentence in its plural forms, by their CLDR names; `count` chooses. English has `one` and `other`."""

    one: str
    other: str
    zero: str = ""
    two: str = ""
    few: str = ""
    many: str = ""


class Phrasebook(Mapping[str, str]):
    """Sentences by id. A translation is another phrasebook with the same ids, in another language.

    Example: `Phrasebook({"tried": Plural("{count} step", "{count} steps")}).say("tried", count=2)` is "2 steps".
    """

    def __init__(self, sentences: Mapping[str, str | Plural], language: str = "en") -> None:
        """Take the sentences; `language` is a code such as "en" or "pt-BR", with plural rules from the Unicode CLDR."""
        self._sentences = dict(sentences)
        self._language = language

    def __getitem__(self, name: str) -> str:
        """Return a sentence with its blanks open. Raises KeyError for an unknown id, or one that needs a number."""
        sentence = self._sentences[name]
        if isinstance(sentence, Plural):
            raise KeyError(f"{name} has plural forms: ask for form(name, count)")
        return sentence

    def __iter__(self) -> Iterator[str]:
        """Iterate over the ids."""
        return iter(self._sentences)

    def __len__(self) -> int:
        """Count the ids."""
        return len(self._sentences)

    def form(self, name: str, /, count: int) -> str:
        """Return the form of a sentence for this number, with its blanks open. Raises KeyError for an unknown id."""
        sentence = self._sentences[name]
        if isinstance(sentence, str):
            return sentence
        chosen: str = getattr(sentence, _category(self._language, count))
        return chosen or sentence.other

    def say(self, name: str, /, **values: object) -> str:
        """Return a sentence with its blanks filled as plain text; `count` among the values chooses the plural form."""
        count = values.get("count")
        sentence = self.form(name, count) if isinstance(count, int) else self[name]
        return sentence.format(**values)

    def forms(self) -> Iterator[tuple[str, str]]:
        """Yield every form of every sentence with its id, for checks of the words."""
        for name, sentence in self._sentences.items():
            for form in (sentence,) if isinstance(sentence, str) else filter(None, sentence):
                yield name, form


@cache
def _category(language: str, count: int) -> str:
    """Return the CLDR name of the plural form: one, other, few and so on."""
    from babel.core import Locale

    return str(Locale.parse(language, sep="-").plural_form(count))
