"""Tests the commands that list waiting tickets and show one ticket."""

import json

from tests.bot.commands.support.shell import Shell


def ticket(shell: Shell, *answers: str, person: str = "ana") -> int:
    """Somebody walks the lamp until there is a ticket; gives its number."""
    typed = "\n".join(answers) + "\n"
    chat = shell.process("chat", shell.write("lamp.yaml"), "--as", person, typed=typed)
    assert chat.returncode == 0, chat.stderr
    numbers = [line.split("#")[1].split()[0] for line in chat.stdout.splitlines() if "─ Ticket #" in line]
    return int(numbers[-1])


def test_without_tickets_the_list_says_where_they_come_from(shell: Shell) -> None:
    result = shell.run("tickets")
    assert result.exit_code == 0
    assert result.stdout.startswith("No open tickets.")
    assert shell.run("tickets", "--status", "closed").stdout == "No tickets match.\n"
    assert shell.json("tickets") == []


def test_open_tickets_are_listed_and_the_others_when_they_are_asked_for(shell: Shell) -> None:
    first = ticket(shell, "2", "p", person="ana")
    second = ticket(shell, "p", "1", person="bob")
    third = ticket(shell, "2", "2", "2", person="cem")
    shell.process("chat", shell.write("lamp.yaml"), "--as", "dan", typed="2\n")

    def listed(*words: str) -> list[tuple[int, bool, str]]:
        return [(row["number"], row["open"], row["contact"]) for row in shell.json("tickets", *words)]

    waits = [(first, True, "ana"), (third, True, "cem")]
    solved = [(second, False, "bob")]
    assert listed() == listed("list") == listed("--status", "waiting") == waits
    assert listed("--status", "all") == waits + solved
    assert listed("--status", "resolved") == solved
    assert (
        listed("--status", "with_agent")
        == listed("--status", "snoozed")
        == listed("--status", "closed")
        == []
    )
    assert listed("--status", "needs_reply") == waits
    assert listed("--status", "waiting_on_customer") == []
    assert listed("--status", "guiding") == [(0, False, "dan")]
    assert listed("--reason", "guide_exhausted") == waits[1:]
    assert listed("--team", "maker", "--limit", "1") == waits[:1]
    assert listed("--team", "moon", "--status", "all") == []
    assert all(row["waits"] == row["opened"] > 0 for row in shell.json("tickets"))
    text = shell.run("tickets", "--status", "all").stdout
    assert text.index(f"#{first}") < text.index(f"#{second}")
    assert "lamp/bulb" in text
    assert shell.run("tickets", "--status", "lost").exit_code == 2


def test_a_ticket_is_shown_with_its_trail_what_was_seen_and_what_was_said(shell: Shell) -> None:
    number = ticket(
        shell, "2", "2", "it hums [red]a lot[/red]", "p", "d", "5", "call in the morning", "555-1234"
    )
    for words in ([str(number)], ["show", str(number)], [f"#{number}"]):
        result = shell.run("tickets", *words)
        assert result.exit_code == 0
        assert f"Ticket #{number}" in result.stdout
        assert "waiting, needs reply" in result.stdout
        assert "Plug it in · Still failing" in result.stdout
        assert "Look at the bulb · Broken" in result.stdout
        assert "wire: broken" in result.stdout
        assert "it hums [red]a lot[/red]" in result.stdout
        assert "How to reach me: 555-1234" in result.stdout
        assert "The program won't open" in result.stdout
        assert "the lamp maker, help@lamps.example" in result.stdout


def test_a_ticket_for_scripts_is_one_object(shell: Shell) -> None:
    number = ticket(shell, "2", "2", "2")
    shown = shell.json("tickets", str(number))
    assert shown["number"] == number
    assert shown["status"] == "waiting"
    assert shown["needs_reply"]
    assert shown["reasons"] == ["guide_exhausted"]
    assert [(row["step"], row["answer"]) for row in shown["trail"]] == [
        ("plug", "Still failing"),
        ("bulb", "Broken"),
        ("switch", "Still failing"),
    ]
    assert shown["observations"] == {"wire": "broken"}
    assert shown["contact"] == "terminal:ana"


def test_a_number_nobody_was_told_is_not_found(shell: Shell) -> None:
    result = shell.run("tickets", "9999")
    assert result.exit_code == 1
    assert result.stderr == "There is no ticket #9999.\n"


def test_what_is_no_number_is_a_wrong_call(shell: Shell) -> None:
    for words in (["mine"], ["show"], ["show", "1", "2"]):
        result = shell.run("tickets", *words)
        assert result.exit_code == 2
        assert "python -m bot tickets 17" in result.stderr


def test_every_ticket_is_exported_as_a_line_the_oldest_first(shell: Shell) -> None:
    first = ticket(shell, "2", "2", "it hums", "p", person="ana")
    second = ticket(shell, "p", "1", person="bob")
    result = shell.run("tickets", "--export")
    assert result.exit_code == 0
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["ticket"] for line in lines] == [first, second]
    assert [line["needs_reply"] for line in lines] == [True, False], "the second one works again"
    assert [row["answer"] for row in lines[0]["tried"]] == ["Still failing", "Broken"]
    assert lines[0]["observations"] == {"wire": "broken"}
    assert [said["text"] for said in lines[0]["said"]] == ["it hums"]
    assert lines[1]["status"] == "resolved"
