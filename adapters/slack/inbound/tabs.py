"""Parses the opening of the app's tabs. Pure."""

from adapters.slack.api.addresses import Person, Place
from adapters.slack.api.payload import Json, text
from adapters.slack.inbound.events import HomeOpened, MessagesOpened


def opened_tab(event: Json, workspace: str) -> HomeOpened | MessagesOpened | None:
    """Parse an opened Home or Messages tab; None for another tab."""
    # Slack does not say whose team the person is in; someone from another company may open the tab, too.
    person, channel = Person(team="", user=text(event.get("user"))), text(event.get("channel"))
    match event.get("tab"):
        case "home" if person.user:
            return HomeOpened(person=person, workspace=workspace)
        case "messages" if person.user and channel:
            return MessagesOpened(person=person, place=Place(workspace=workspace, channel=channel))
        case _:
            return None
