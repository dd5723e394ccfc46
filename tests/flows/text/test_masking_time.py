"""Tests that masking takes time in proportion to a text's length, even for hostile texts."""

import time
from typing import Final

import pytest

from flows.text.secrets.masking import mask

HOSTILE: Final = [
    "a", " ", "\n", "password ", "password: ", "password is not ", "password=", "passwordx", "token", "1 ", "1",
    "4111 ", "eyJ", "eyJa.", "-----BEGIN ", "-----BEGIN PRIVATE KEY-----", "http://", "http://a:", "a:b@", "?key=",
    "bearer ", "aB1", "aB1cD2", "sk_", "sk_a_", "xoxb-", "is my ", "x is ", '"', "password \"", "•", "A-", "a/", "a@",
    "0.", "0-", "connect.conductor.is/qbd/", "pass word ", "secret key ", "\\", "curl -u ", "mysql -u x ", "net use a ",
    "cookie: a=", "sid=", "password for a ", "the new one ", "пароль ", "密码", "PIN ", "PIN 1", "key-0", "0f-", "aB/",
    "/webhooks/1/", "password from a to ", "-p", "password <", "heroku ", "{0f3c2b1a-", "a_", "pass a is ",
]  # fmt: skip


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("secret", [None, "password"])
def test_the_time_grows_with_the_length_and_no_faster(piece: str, secret: str | None) -> None:
    def seconds(size: int) -> float:
        text = (piece * (size // len(piece) + 1))[:size]
        began = time.process_time()
        mask(text, secret)
        return time.process_time() - began

    seconds(1_000)
    # Four times the length: about four times the time. Quadratic would be sixteen, however slow the machine is.
    assert any(seconds(16_000) < 10 * seconds(4_000) for _ in range(5))
