"""Tests that wrapping is taken off before a text is understood: styles, quoted lines, signatures, courtesies."""

from typing import Final

import pytest

from flows.flow import FIXED, STILL_FAILING
from flows.text.sentence import unwrapped
from flows.text.starts import recognise
from flows.text.understanding import understand
from tests.flows.test_library import FILES
from tests.flows.test_library import flow as library_flow

SCREEN: Final = ((FIXED, "Fixed it"), (STILL_FAILING, "Still failing"))
QUESTION: Final = (("blank", "Blank"), ("value", "Has a value"), ("blank", "yes"), ("value", "no"))

STYLES: Final = (
    "**{}**",
    "__{}__",
    "*{}*",
    "_{}_",
    "***{}***",
    "`{}`",
    "```{}```",
    "||{}||",
    "**_{}_**",
    "*`{}`*",
)
BEFORE: Final = (
    "> I pressed it.\n{}",
    "> Is it fixed?\n> Please say.\n\n{}",
    "> what the bot said\n{}",
    "&gt; Did it help?\n{}",
    "\n\n  {}",
    "&nbsp;{}",
)
AFTER: Final = (
    "{}\n\nSent from my iPhone",
    "{}\n\nSent from my Samsung Galaxy",
    "{}\n\nGet Outlook for iOS",
    "{}\n-- \nAna Ruiz\nAcme Books",
    "{}\n\nVon meinem iPhone gesendet",
    "{}\n\nEnviado desde mi iPhone",
    "{}\n\nEnvoyé de mon iPhone",
    "{}\n\nEnviado do meu iPhone",
    "{}\n\niPhoneから送信",
    "{}\n\nOn Mon, Nov 3, 2025 at 9:14 AM Support <help@example.com> wrote:\n> Did it help? It still fails for others.",
    "{}\n\n-----Original Message-----\nFrom: Support\nIt is fixed now.",
    "{}\n\nAm Mo., 3. Nov. 2025 um 09:14 Uhr schrieb Support:\n> Hat es geholfen?",
    "{}\n\nLe lun. 3 nov. 2025 à 09:14, Support a écrit :\n> Bonjour",
    "{}\n\nEl lun, 3 nov 2025 a las 9:14, Support escribió:\n> Hola",
    "{}&nbsp;",
    "{}\n\n",
)
COURTESIES: Final = (
    "Hi, {}",
    "Hello! {}",
    "hey, {}, thanks",
    "{}, thank you!",
    "{}. Thanks a lot!",
    "ok, {}",
    "Hello, {}. Many thanks",
    "{} please",
    "sorry, {}",
)
WRAPPINGS: Final = (*STYLES, *BEFORE, *AFTER, *COURTESIES)


@pytest.mark.parametrize("wrapping", [*STYLES, *BEFORE, *AFTER])
@pytest.mark.parametrize("words", ["it works now", "still failing", "no change at all"])
def test_only_the_authors_own_words_are_left(wrapping: str, words: str) -> None:
    assert unwrapped(wrapping.format(words)) == words


@pytest.mark.parametrize("wrapping", WRAPPINGS)
@pytest.mark.parametrize(
    ("words", "choice"),
    [
        ("it works now", FIXED),
        ("still failing", STILL_FAILING),
        ("talk to a person", "person"),
        ("go back", "back"),
    ],
)
def test_a_wrapped_answer_is_the_answer(wrapping: str, words: str, choice: str) -> None:
    assert understand(SCREEN, wrapping.format(words)) == choice


@pytest.mark.parametrize("wrapping", WRAPPINGS)
@pytest.mark.parametrize(("words", "choice"), [("yes", "blank"), ("no", "value"), ("Blank", "blank")])
def test_a_wrapped_answer_to_a_question_is_the_answer(wrapping: str, words: str, choice: str) -> None:
    assert understand(QUESTION, wrapping.format(words), asks=True) == choice


@pytest.mark.parametrize("wrapping", [*STYLES, *AFTER])
def test_a_wrapped_error_starts_its_guide(wrapping: str) -> None:
    found = recognise(
        [library_flow(path) for path in FILES], wrapping.format("Your connection is not active")
    )
    assert found is not None
    assert found.flow == "connection-not-active"


@pytest.mark.parametrize(
    "text",
    [
        "~~it works now~~",
        "> it works now",
        "> it works now\n\nno, that was my colleague who wrote this and he has another computer than me",
        "it works now\n\nOn second thought, no\n\nSent from my iPhone",
        "On Mon, Nov 3, 2025 Support wrote:\n> it works now",
        "Sent from my iPhone",
        "it &lt;works&gt; now, or so they say",
        "**it works now** for Ana, not for me",
    ],
)
def test_what_others_said_or_the_author_took_back_is_no_answer(text: str) -> None:
    assert understand(SCREEN, text) is None


def test_signs_that_belong_to_the_words_stay() -> None:
    for words in (
        "5 * 3 * 2",
        "snake_case_name",
        "a || b",
        "3 > 2",
        "C:\\__temp__x",
        "it's -- well -- broken",
    ):
        assert unwrapped(words) == words
