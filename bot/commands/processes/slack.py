"""`slack`: listens to Slack over sockets."""

from bot.commands.failures import WRONG, stop
from bot.commands.processes.lifetime import serving


def slack() -> None:
    """Run only the Slack listener. It opens its own sockets.

    For setups with several processes: run a worker as well, on the same store. Several listeners can run at the
    same time; an event that Slack delivers twice counts once. With SLACK_SIGNING_SECRET set, the web process
    receives Slack's events, too.

    Exit codes: 0 after a normal stop, 1 if the store cannot be reached, 2 if Slack refuses a token.
    """
    from bot.commands.startup import opened

    settings = opened(quiet=True)
    for name in ("slack_bot_token", "slack_app_token"):
        if not getattr(settings, name).get_secret_value():
            raise stop(f"{name.upper()} is not set. See docs/slack.md for where to find it.", WRONG)
    serving("slack")
