"""Checks both of Slack's tokens before listening, and returns whose they are.

Errors by name are those of Slack's reference for auth.test and apps.connections.open. A network that fails, a busy or
a broken Slack say nothing about a token: then the client's own exception comes through, and the caller tries again.
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
"""What is wrong with a token that Slack refuses for good, by Slack's name of the error."""


class PreflightRefused(Exception):
    """Slack refuses, and will refuse again; the text is one line that names the setting and what to do."""


class Identity(Frozen):
    """Who the app is where it is installed: what its bot token answers for. `url` is the workspace's address."""

    token: str = Field(repr=False)
    team: str
    bot_user: str
    bot_id: str
    url: str = ""


async def identify(client: AsyncWebClient, token: str) -> Identity:
    """Whose token this is. Raises Refused; whatever else the client raises may pass."""
    if not token.startswith("xoxb-"):
        raise PreflightRefused(
            "SLACK_BOT_TOKEN must start with xoxb-; copy the Bot User OAuth Token from OAuth & Permissions"
        )
    try:
        said = await client.auth_test(token=token)
    except SlackApiError as error:
        _refuse("SLACK_BOT_TOKEN", error)
    granted = said.headers.get("x-oauth-scopes") or said.headers.get("X-OAuth-Scopes")
    if granted and (lacking := set(SCOPES) - {scope.strip() for scope in granted.split(",")}):
        raise PreflightRefused(
            f"SLACK_BOT_TOKEN lacks scopes ({', '.join(sorted(lacking))}); add them under OAuth & Permissions, or "
            "paste the manifest again, and reinstall the app"
        )
    if not said.get("team_id"):
        raise PreflightRefused(
            "SLACK_BOT_TOKEN belongs to an organization-wide installation; install the app in one workspace"
        )
    return Identity(
        token=token,
        team=said["team_id"],
        bot_user=said["user_id"],
        bot_id=said.get("bot_id") or "",
        url=said.get("url") or "",
    )


async def socket_address(client: AsyncWebClient, app_token: str) -> str:
    """Where one socket may be opened, once. Raises Refused; whatever else the client raises may pass."""
    if not app_token.startswith("xapp-"):
        raise PreflightRefused(
            "SLACK_APP_TOKEN must start with xapp-; under Basic Information, generate an app-level token with the "
            "scope connections:write"
        )
    try:
        said = await client.apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        _refuse("SLACK_APP_TOKEN", error)
    return str(said["url"])


async def check_app_token(client: AsyncWebClient, app_token: str) -> None:
    """Whether sockets may be opened with it. Raises Refused; whatever else the client raises may pass."""
    await socket_address(client, app_token)


def _refuse(setting: str, error: SlackApiError) -> NoReturn:
    """A definite no for this setting, or the error as it came."""
    name = str(error.response.get("error")) if isinstance(error.response.data, dict) else ""
    if name in DEFINITE:
        raise PreflightRefused(f"{setting} {DEFINITE[name]} ({name})") from None
    raise error
