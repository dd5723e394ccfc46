"""Tests that missing flows and pictures, and flows that are too alike, are reported at the place that names them."""

from flows.authoring.reader import Reading, read
from flows.authoring.references import alike, missing, unaddressed
from tests.flows.authoring.test_refusals import body, marked

STEPS = """
  - id: look
    title: Look
    image: ¶{src: plgu.png, alt: the plug}
    ask: Is it the lamp?
    answers:
      No:
        flow: printer-ofline
      "Yes": next
  - {id: push, title: Push, image: "https://pictures.example/x.png", say: Push.}
"""


def test_a_picture_that_is_not_beside_the_file_is_found_with_the_nearest_name() -> None:
    text = body(STEPS)
    reading = read(text.replace("¶", "").encode(), "f.yaml")
    assert reading.errors == ()
    first, second = missing(reading, ["printer-ofline"], ["plug.png", "f.yaml"]), missing(reading, [], [])
    reason = "there is no picture 'plgu.png' beside this file; did you mean 'plug.png'?"
    assert [str(finding) for finding in first] == [f"f.yaml:{marked(text, reason)}"]
    assert second[0].reason.endswith("; put it there, or give an https address")


def test_a_flow_that_nobody_has_is_found_with_the_nearest_name() -> None:
    text = body(STEPS.replace("¶", "").replace("No:", "¶No:"))
    reading = read(text.replace("¶", "").encode(), "f.yaml")
    reason = "there is no flow 'printer-ofline'; did you mean 'printer-offline'?"
    (found,) = missing(reading, ["printer-offline", "lamp"], ["plgu.png"])
    assert str(found) == f"f.yaml:{marked(text, reason)}"


def test_what_is_there_is_not_mentioned() -> None:
    reading = read(body(STEPS.replace("¶", "")).encode(), "f.yaml")
    assert missing(reading, ["printer-ofline"], ["plgu.png"]) == ()


def test_a_file_with_errors_has_enough_of_them() -> None:
    reading = read(body(STEPS.replace("¶", "").replace("Push.}", "Push.")).encode(), "f.yaml")
    assert reading.errors
    assert missing(reading, [], []) == ()


LAMP = """
flow: {id}
title: {title}
teams: {{maker: Lamp support}}
escalate: maker
start: {{on_text: [{text}]}}
steps:
  - {{id: plug, title: Plug it in, say: Push.}}
"""


def lamp(file: str, flow: str, title: str, text: str) -> Reading:
    reading = read(LAMP.format(id=flow, title=title, text=text).encode(), file)
    assert reading.flow is not None
    return reading


def found(*readings: Reading) -> list[str]:
    return [str(finding) for finding in alike(readings, [each.flow for each in readings if each.flow])]


def test_two_files_of_one_folder_with_one_id_are_an_error_in_the_second() -> None:
    first, second = lamp("a/one.yaml", "lamp", "Lamp", "dark"), lamp("a/two.yaml", "lamp", "Lamp", "dark")
    assert found(first, second) == ["a/two.yaml:2:7: one.yaml has the flow 'lamp', too; rename one"]


def test_an_own_flow_may_replace_one_of_the_library() -> None:
    library, own = (
        lamp("library/one.yaml", "lamp", "Lamp", "dark"),
        lamp("own/one.yaml", "lamp", "Lamp", "dark"),
    )
    assert found(library, own) == []


def test_one_title_or_one_error_text_in_two_flows_is_a_suggestion() -> None:
    first, second = (
        lamp("one.yaml", "lamp", "The  Lamp", "Is dark"),
        lamp("two.yaml", "torch", "the lamp", "is DARK"),
    )
    assert found(first, second) == [
        "two.yaml:3:8: suggestion: one.yaml has 'the lamp', too",
        "two.yaml:6:19: suggestion: one.yaml has 'is DARK', too",
    ]


def test_a_flow_that_is_not_available_comes_in_nobodys_way() -> None:
    hidden, second = (
        lamp("library/one.yaml", "lamp", "Lamp", "dark"),
        lamp("two.yaml", "torch", "Lamp", "dark"),
    )
    assert second.flow is not None
    assert alike([hidden, second], [second.flow]) == ()


def test_an_external_team_needs_an_address_of_its_own_in_the_file_or_in_a_setting() -> None:
    text = LAMP.format(id="lamp", title="Lamp", text="is dark")
    external = read(text.replace("Lamp support", "{name: M, external: yes}").encode(), "f.yaml")
    reason = "the external team 'maker' has no address; give it an `email`, or set TEAM_MAKER_EMAIL"
    for lacking in ({}, {"SUPPORT_EMAIL": "us@lamps.example"}):
        (found,) = unaddressed(external, lacking)
        assert str(found) == f"f.yaml:4:9: {reason}"
        assert found.level == "error"
    assert unaddressed(external, {"TEAM_MAKER_EMAIL": "help@lamps.example"}) == ()
    given = text.replace("Lamp support", "{name: M, external: yes, email: help@lamps.example}")
    for fine in (given, text):
        assert unaddressed(read(fine.encode(), "f.yaml"), {}) == ()
