"""What can go wrong at a port; every adapter raises these and nothing else that is expected."""


class StoreDown(Exception):
    """The store cannot be reached, or did not answer in time. Nothing was acknowledged; try again."""


class RevisionUnreadable(Exception):
    """This process cannot read the revision a conversation is pinned to (law L8): leave it alone, do not ack."""


class Contended(Exception):
    """Too many events at once for one conversation; nothing was recorded. Try again."""


class Busy(Exception):
    """The platform asks to wait (429): in that many `seconds` a try is welcome. Nothing was sent."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the platform asks to wait {seconds:g} s")
        self.seconds = seconds


class Undeliverable(Exception):
    """The platform refused for good ("DMs closed"). Nothing was sent and no retry will help."""


class NoRoom(Exception):
    """As much is kept as may be; what was to be kept was not."""


class Unsure(Exception):
    """The platform cannot say whether an earlier attempt arrived."""
