"""Tests that missing flows and pictures are reported at the place that names them."""

from flows.authoring.reader import read
from flows.authoring.references import missing
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
