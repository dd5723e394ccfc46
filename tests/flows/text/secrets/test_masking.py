"""Tests what is removed from a text and what stays, for any text."""

from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flows.text.secrets.masking import HIDDEN, mask

KEY: Final = "sk_conductor_4fQx81LmZp0aVt"

HIDES: Final = [
    # what is named
    ("password: hunter2", "password: ••••••"),
    ("Password: letmein", "Password: ••••••"),
    ("my password is letmein", "my password is ••••••"),
    ("pw is swordfish and it fails", "pw is •••••• and it fails"),
    ("PW:swordfish", "PW:••••••"),
    ("pwd=swordfish", "pwd=••••••"),
    ("the password was Sommer2024!", "the password was ••••••"),
    ("the password is still the old hunter2", "the password is still the old ••••••"),
    ("password is wrong, I typed hunter2", "password is wrong, I typed ••••••"),
    ("password hunter2", "password ••••••"),
    ("password 12345678", "password ••••••"),
    ("pasword: hunter2", "pasword: ••••••"),
    ("the password I used was swordfish", "the password I used was ••••••"),
    ("password - hunter2", "password - ••••••"),
    ("password (hunter2)", "password ••••••"),
    ("changed the password to swordfish", "changed the password to ••••••"),
    ("hunter2 is my password", "•••••• is my password"),
    ("use hunter2 as the password", "use •••••• as the password"),
    ('passphrase: "correct horse battery staple"', "passphrase: ••••••"),
    ("Passwort: Geheim", "Passwort: ••••••"),
    ("Mein Passwort ist Geheim", "Mein Passwort ist ••••••"),
    ("mot de passe : bonjour", "mot de passe : ••••••"),
    ("contraseña: hola", "contraseña: ••••••"),
    ("passcode: 4711", "passcode: ••••••"),
    ("my pin is 4711", "my pin is ••••••"),
    ("api key: abcdefgh", "api key: ••••••"),
    ("api_key=abcdefgh", "api_key=••••••"),
    ("token: abcdefgh", "token: ••••••"),
    ("secret = abcdefgh", "secret = ••••••"),
    ("client-secret: abcdefgh", "client-secret: ••••••"),
    ("the token is ab12cd34", "the token is ••••••"),
    ("DB_PASSWORD=swordfish", "DB_PASSWORD=••••••"),
    ("AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG", "AWS_SECRET_ACCESS_KEY=••••••"),
    ('{"password": "swordfish", "user": "bob"}', '{"password": ••••••, "user": "bob"}'),
    ("user: bob pass: hunter2", "user: bob pass: ••••••"),
    ("Password:\nhunter2", "Password:\n••••••"),
    ("password: hunter2. password: letmein", "password: •••••• password: ••••••"),
    ("password is password: hunter2", "password is password: ••••••"),
    ("Server=db;Uid=bob;Pwd=swordfish;", "Server=db;Uid=bob;Pwd=••••••"),
    # shapes
    (f"key {KEY} does not work", "key •••••• does not work"),
    (f"({KEY})", "(••••••)"),
    ("sk_live_4eC39HqLyjWDarjtT1zdp7dc", "••••••"),
    ("sk-proj-abcdefghij0123456789ABCD", "••••••"),
    ("xoxb-1234567890-abcdefghij", "••••••"),
    ("xapp-1-A0123-4567-abcdef", "••••••"),
    ("MTA5ODc2NTQzMjEwOTg3NjU0.GhIjKl.abcdefghijklmnopqrstuvwxyz-0123", "••••••"),
    ("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "••••••"),
    ("github_pat_11ABCDEFG0abcdefghijkl_mnop", "••••••"),
    ("AKIAIOSFODNN7EXAMPLE", "••••••"),
    ("AIzaSyA1234567890abcdefghijklmnopqrstuv", "••••••"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.SflKxwRJSMeKKF2QT4", "••••••"),
    ("Authorization: Bearer abc123def456", "Authorization: Bearer ••••••"),
    ("Authorization: Basic dXNlcjpwYXNz=", "Authorization: Basic ••••••"),
    ("postgres://bob:swordfish@db.example.com/x", "postgres://bob:••••••@db.example.com/x"),
    ("redis://:swordfish@localhost:6379", "redis://:••••••@localhost:6379"),
    ("https://connect.conductor.is/qbd/abcdef?key=pk_1", "https://connect.conductor.is/qbd/••••••"),
    ("https://hooks.slack.com/services/T0/B0/abc", "https://hooks.slack.com/services/••••••"),
    ("https://discord.com/api/webhooks/123/abc-def", "https://discord.com/api/webhooks/123/••••••"),
    (
        "https://x.example/cb?state=1&access_token=abcdef&a=b",
        "https://x.example/cb?state=1&access_token=••••••&a=b",
    ),
    ("4111 1111 1111 1111", "••••••"),
    ("card 5555-5555-5555-4444 exp 12/27", "card •••••• exp 12/27"),
    ("378282246310005", "••••••"),
    ("25 4111 1111 1111 1111", "25 ••••••"),
    ("4111 1111 1111 1111 5555 5555 5555 4444", "•••••• ••••••"),
    ("kT9xwQ2pLm4Zr8sVb1Nc7YdE", "••••••"),
    ("9f86d081884c7d659a2feaa0c55ad015", "••••••"),
    (
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----\nbye",
        "-----BEGIN RSA PRIVATE KEY-----••••••-----END RSA PRIVATE KEY-----\nbye",
    ),
    ("-----BEGIN PRIVATE KEY-----\nMIIE\nabc", "-----BEGIN PRIVATE KEY-----••••••"),
]

KEEPS: Final = [
    "Your QuickBooks Desktop connection is not active. It was last active 2025-11-03 at 5:12 PM.",
    "QBWC1085: There was a problem with the log file",
    "Error 0x80040420, then 0x8004041A",
    "Every-Min is blank and Auto-Run is ticked",
    "Every-Min: 30",
    "password: empty",
    "Password: blank",
    "password box: dots",
    "Password: ********",
    "Password: ••••",
    "the password is empty",
    "the Password box is empty",
    "my password is wrong",
    "Your password is incorrect, try again",
    "the password is not saved",
    "password is still there",
    "is the password blank?",
    "what is my password",
    "where is the password",
    "I forgot my password",
    "password reset",
    "Password QBWC1085",
    "the password is rejected with QBWC1040",
    "Unexpected token < in JSON",
    "the token is expired",
    "API key is invalid",
    "press the Enter key: it does nothing",
    "a key step",
    "pin the window to the taskbar",
    "basic authentication failed",
    "Ticket #4711, case 00123456",
    "INC0012345 and REQ-99",
    "req_7f3b2c1d9e0a4b5c6d7e8f90",
    "call me at +1 415 555 2671 or 0049 30 1234567",
    "+354 581 2345",
    "ana.lopez+books@example.co.uk",
    "support@conductor.is",
    "C:\\Users\\Ana\\Documents\\Company2024.qbw",
    "\\\\SERVER01\\Books\\company file 2024.qbw",
    "/var/log/QWCLog.txt",
    "QuickBooksDesktopEnterprise2024R5Setup.exe",
    "2025-11-03T17:12:45.123Z",
    "03/11/2025 17:12",
    "version 34.0.4009.22",
    "QuickBooks Enterprise 24.0 R8",
    "{57F3B9B1-86F1-4fcc-B1EE-566DE1813D20}",
    "https://docs.conductor.is/help/connection-errors/connection-not-active",
    "https://connect.conductor.is/qbd/demo",
    "http://localhost:8166/QBWC",
    "order 1732312345678",
    "invoice 4111 1111 1111 1112",
    "INTEGRATION_CONNECTION_NOT_ACTIVE",
    "QBD_CONNECTION_ERROR",
    "works now, thank you!",
    "",
    "👍",
]

SECRET_HIDES: Final = [
    ("> swordfish", "> ••••••"),
    ("here:\n\n1. - swordfish", "here:\n\n1. - ••••••"),
    ("hunter2", "••••••"),
    ("I pasted hunter2 into it", "I pasted •••••• into it"),
    ("it is kT9#xw2P", "it is ••••••"),
    ("p@ssword!", "••••••"),
    ("swordfish", "••••••"),
    ("correct-horse-battery", "••••••"),
    ("I typed this:\nswordfish\nand enter", "I typed this:\n••••••\nand enter"),
    ("57F3B9B1-86F1-4fcc-B1EE-566DE1813D20", "••••••"),
    ("abc123xyz and def456uvw", "•••••• and ••••••"),
    ("password: hunter2", "password: ••••••"),
    ("Password=Sup3r$ecret;Database=x", "Password=••••••"),
    ("12345678", "••••••"),
    ("it says 57F3B9B1-86F1-4fcc-B1EE-566DE1813D20 there", "it says •••••• there"),
]

SECRET_KEEPS: Final = [
    "it shows ********",
    "dots",
    "the box is empty",
    "everything",
    "previous",
    "representative",
    "Every-Min",
    "Auto-Run",
    "doesn't",
    "QuickBooks",
    "QBWC1085",
    "QBWC1085 again, on Windows11 at 10am",
    "0x80040420",
    "0x80040420 and #4711",
    "ana@example.com",
    "you can reach me at ana@example.com or +1 415 555 2671",
    "2025-11-03",
    "5:12pm",
    "Company2024.qbw",
    "QWCLog.txt",
    "https://docs.conductor.is/help",
    "v34.0.4009",
    "1st and/or 2nd",
    "the row of AT&T",
    "human please",
    "still failing",
    "has-a-value",
    "30",
]


@pytest.mark.parametrize(("text", "masked"), HIDES, ids=[text[:40] for text, _ in HIDES])
def test_what_looks_like_a_secret_is_hidden(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize("text", KEEPS)
def test_what_helps_a_person_to_help_stays(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(("text", "masked"), SECRET_HIDES)
def test_where_a_secret_was_declared_a_word_that_could_be_one_is_hidden(text: str, masked: str) -> None:
    assert mask(text, "password") == masked


@pytest.mark.parametrize("text", SECRET_KEEPS)
def test_where_a_secret_was_declared_ordinary_words_and_codes_stay(text: str) -> None:
    assert mask(text, "password") == text


@pytest.mark.parametrize("text", ["hunter2", "kT9#xw2P", "swordfish"])
def test_without_a_declared_secret_a_lone_word_stays(text: str) -> None:
    assert mask(text) == text


def test_a_secret_of_another_name_is_hidden_by_that_name() -> None:
    assert mask("the magic word: swordfish, bye", "magic word") == "the magic word: •••••• bye"
    assert mask("the magic word: swordfish") == "the magic word: swordfish"


pieces = st.sampled_from(
    [part for text, _ in (*HIDES, *SECRET_HIDES) for part in text.split()]
    + [part for text in (*KEEPS, *SECRET_KEEPS) for part in text.split()]
    + [
        "password",
        "is",
        ":",
        "=",
        "\n",
        "•",
        HIDDEN,
        "password:",
        "token=",
        '"',
        "'",
        "-",
        "://",
        "@",
        "4111",
    ]
)
texts = st.one_of(
    st.text(max_size=200),
    st.text(alphabet="pasword:= is\n•hunter2@/.-'\"", max_size=80),
    st.lists(pieces, max_size=12).map(" ".join),
    st.lists(pieces, max_size=12).map("".join),
)


@given(texts, st.sampled_from([None, "password", "token", "magic word"]))
@example("password: a,password: b", None)
@example("password:\n•hunter2", "password")
def test_masking_twice_is_masking_once(text: str, secret: str | None) -> None:
    once = mask(text, secret)
    assert mask(once, secret) == once


secrets = st.from_regex(r"[A-Za-z]{2}[0-9]{2}[a-z]{3}[A-Z0-9]{3,12}", fullmatch=True)


@pytest.mark.row("security", "A password that a customer wrote is stored")
@given(
    secrets,
    st.sampled_from(["password: {}", "my pw is {}", "api key = {}", "Passwort: {}", "token:{}", "pwd={}"]),
)
def test_a_named_secret_never_stays(secret: str, said: str) -> None:
    assert secret not in mask(said.format(secret))


@given(secrets, st.text(alphabet="abc .,\n", max_size=30), st.text(alphabet="abc .,\n", max_size=30))
def test_where_one_was_declared_a_mixed_word_never_stays(secret: str, before: str, after: str) -> None:
    assert secret not in mask(f"{before} {secret} {after}", "password")


@pytest.mark.parametrize("mark", ["*", "**", "`", "||", "_", "__"])
@pytest.mark.parametrize("says", ["{0}password{0}: {1}", "my {0}password{0} is {1}", "{0}password:{0} {1}"])
def test_a_secret_is_hidden_behind_a_name_in_bold_italics_or_code(mark: str, says: str) -> None:
    assert "hunter2x9" not in mask(says.format(mark, "hunter2x9"))


@pytest.mark.parametrize("text", ["the **password** is wrong", "reset the *password* please", "**password**"])
def test_a_marked_name_without_a_secret_stays(text: str) -> None:
    assert mask(text) == text
