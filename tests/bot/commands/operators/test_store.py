"""Tests `store accept`: an emptied store is refused by every command until an operator accepts it."""

import shutil

from tests.bot.commands.operators.test_doctor import free_port, told
from tests.bot.commands.support.shell import Shell


def test_an_emptied_store_is_refused_until_an_operator_accepts_it(shell: Shell) -> None:
    assert shell.run("tickets").exit_code == 0
    shutil.rmtree(shell.here / "data" / "store")
    refused = shell.run("tickets")
    assert refused.exit_code == 1
    assert refused.stderr.startswith("Cannot use the store: the store lost its data; restore it")
    assert len(refused.stderr.splitlines()) == 1
    doctor = shell.run("doctor", PORT=free_port())
    assert doctor.exit_code == 1
    assert "python -m bot store accept" in told(doctor.stdout, "store")
    accepted = shell.run("store", "accept")
    assert accepted.exit_code == 0, accepted.output
    assert "Accepted" in accepted.stdout
    assert shell.run("tickets").exit_code == 0


def test_a_store_that_is_not_the_one_used_before_is_refused(shell: Shell) -> None:
    assert shell.run("tickets").exit_code == 0
    assert shell.run("tickets", DATA_DIR="other").exit_code == 0
    shutil.rmtree(shell.here / "data" / "store")
    shutil.move(shell.here / "other" / "store", shell.here / "data" / "store")
    refused = shell.run("tickets")
    assert refused.exit_code == 1
    assert "is not the store used before" in refused.stderr


def test_a_wrong_address_is_said_at_the_start_without_its_password(shell: Shell) -> None:
    wrong = shell.run("tickets", REDIS_URL="redis://:hunter2@127.0.0.1:1,127.0.0.1:2/0?sl_ca=1")
    assert wrong.exit_code == 2
    assert "REDIS_URL: unknown option 'sl_ca'" in wrong.stderr
    away = shell.run("tickets", REDIS_URL="redis://:hunter2@127.0.0.1:1,127.0.0.1:2/0")
    assert away.exit_code == 1
    assert away.stderr.startswith("Cannot reach the store: ")
    assert "127.0.0.1:2" in away.stderr
    assert "hunter2" not in wrong.output + away.output
