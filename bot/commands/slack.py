"""`slack`: hears Slack over sockets."""

from bot.commands.failing import WRONG, stop
from bot.commands.serving import serving


def slack() -> None:
    """Hear Slack alone, over sockets that this process opens.

    For setups with several processes: start a worker beside it, on the same store. Several of these may run at a
    time; what Slack delivers twice counts once. With SLACK_SIGNING_SECRET the web process hears Slack as well.

    Exit codes: 0 when it was stopped, 1 when the store cannot be reached, 2 when Slack refuses a token.
    """
    from bot.commands.opening import opened

    settings = opened(quiet=True)
    for name in ("slack_bot_token", "slack_app_token"):
        if not getattr(settings, name).get_secret_value():
            raise stop(f"{name.upper()} is not set. docs/slack.md says where to find it.", WRONG)
    serving("slack")
