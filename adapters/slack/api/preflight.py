"""Checks both Slack tokens before the app connects, and returns the bot's identity.

The error codes are those of Slack's reference for auth.test and apps.connections.open. A failed network or a busy
Slack says nothing about a token: then the client's own exception passes through, and the caller tries again.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NoReturn

from pydantic import Field
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.api.manifest import SCOPES
from flows.values import Frozen

DEFINITE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "access_denied": "is not allowed to do this; ask a workspace admin to approve the app",
        "account_inactive": "belongs to an app that was removed from its workspace; reinstall the app",
        "app_missing": "belongs to an app that no longer exists; create the app again",
        "forbidden_team": "belongs to a workspace that is not allowed to use this; ask a workspace admin",
        "invalid_auth": "is not valid; copy the whole token again from the app's settings",
        "is_bot": "is the wrong type of token; docs/slack.md shows which token goes where",
        "missing_scope": "lacks the scope connections:write; generate an app-level token with it",
        "no_permission": "is not allowed to do this; ask a workspace admin to approve the app",
        "not_allowed_token_type": "is the wrong type of token; docs/slack.md shows which token goes where",
        "not_authed": "is empty",
        "org_login_required": "belongs to a workspace that is being migrated; try again afterwards",
        "team_access_not_granted": "has no access to its workspace; install the app there",
        "token_expired": "has expired; turn off token rotation and reinstall the app",
        "token_revoked": "was revoked; reinstall the app and copy the new token",
    }
)
"""What to do about a token that Slack refuses for good, by Slack's error code."""


class PreflightRefused(Exception):
    """Raised when Slack refuses a token for good; the text is one line with the setting and what to do."""


class Identity(Frozen):
    """The app's identity in its workspace, as its bot token shows it. `url` is the workspace's URL, `enterprise` the
    organization that it belongs to on Enterprise Grid.
    """

    token: str = Field(repr=False)
    team: str
    bot_user: str
    bot_id: str
    url: str = ""
    enterprise: str = ""


async def identify(client: AsyncWebClient, token: str) -> Identity:
    """Look up the identity behind a bot token. Raises PreflightRefused; any other exception of the client may pass."""
    if not token.startswith("xoxb-"):
        raise PreflightRefused(
            "SLACK_BOT_TOKEN must start with xoxb-; copy the Bot User OAuth Token from OAuth & Permissions"
        )
    try:
        answer = await client.auth_test(token=token)
    except SlackApiError as error:
        _refuse("SLACK_BOT_TOKEN", error)
    granted = answer.headers.get("x-oauth-scopes") or answer.headers.get("X-OAuth-Scopes")
    if granted and (lacking := set(SCOPES) - {scope.strip() for scope in granted.split(",")}):
        raise PreflightRefused(
            f"SLACK_BOT_TOKEN lacks scopes ({', '.join(sorted(lacking))}); add them under OAuth & Permissions, or "
            "paste the manifest again, and reinstall the app"
        )
    # Of an organization-wide token, Slack names the organization in the place of the workspace.
    if answer.get("is_enterprise_install") or not answer.get("team_id"):
        raise PreflightRefused(
            "SLACK_BOT_TOKEN belongs to an organization-wide installation; install the app in one workspace, and copy "
            "the token from there"
        )
    return Identity(
        token=token,
        team=answer["team_id"],
        bot_user=answer["user_id"],
        bot_id=answer.get("bot_id") or "",
        url=answer.get("url") or "",
        enterprise=answer.get("enterprise_id") or "",
    )


async def socket_address(client: AsyncWebClient, app_token: str) -> str:
    """Get the URL for one socket, to be opened once. Raises PreflightRefused; other exceptions may pass."""
    if not app_token.startswith("xapp-"):
        raise PreflightRefused(
            "SLACK_APP_TOKEN must start with xapp-; under Basic Information, generate an app-level token with the "
            "scope connections:write"
        )
    try:
        answer = await client.apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        _refuse("SLACK_APP_TOKEN", error)
    return str(answer["url"])


async def check_app_token(client: AsyncWebClient, app_token: str) -> None:
    """Check that the app token may open sockets. Raises PreflightRefused; other exceptions may pass."""
    await socket_address(client, app_token)


def _refuse(setting: str, error: SlackApiError) -> NoReturn:
    """Raise PreflightRefused for an error that names this setting as wrong, else the error itself."""
    name = str(error.response.get("error")) if isinstance(error.response.data, dict) else ""
    if name in DEFINITE:
        raise PreflightRefused(f"{setting} {DEFINITE[name]} ({name})") from None
    raise error
