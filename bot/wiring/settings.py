"""Reads the operator's settings from the environment and `.env`, and refuses wrong values by name."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import (
    AnyHttpUrl,
    Field,
    SecretStr,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.wiring.setting_errors import expected, given

LIBRARY: Final = Path(__file__).resolve().parents[2] / "flows" / "library"
"""The flows that come with the product: examples, not a place to edit."""

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
"""This machine, where a test server may stand in for a platform."""

DISCORD: Final = re.compile(r"(https|wss)://([a-z0-9-]+\.)*discord\.(com|gg)(/.*)?")
"""Discord's own addresses, over an encrypted connection."""


class SettingsError(Exception):
    """One or more settings are wrong; the text has a line for each, with its name and what is expected."""


class Settings(BaseSettings):
    """Holds every setting with its default; `.env.example` explains them to operators. Times are in seconds."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    data_dir: Path = Path("data")
    redis_url: str | None = None
    redis_prefix: str = Field("tt", pattern=r"^[a-z0-9-]{1,16}$")
    flows_dir: Path | None = None
    public_url: str = ""
    embed_origins: Annotated[tuple[str, ...], NoDecode] = ()
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    product_name: str = ""
    support_name: str = ""
    support_email: str = ""
    hearing: Literal["sentences", "phrases"] = "sentences"
    events_per_minute: int = Field(240, ge=1)
    starts_per_minute: int = Field(600, ge=1)
    nudge_after: int = Field(24 * 3600, ge=1)
    close_after: int = Field(3 * 24 * 3600, ge=1)
    close_after_later: int = Field(14 * 24 * 3600, ge=1)
    agent_quiet_after: int = Field(4 * 3600, ge=1)
    follow_up: bool = True
    agent_back_within: int = Field(8 * 3600, ge=1)
    send_lease: float = Field(30.0, gt=0)
    keep_days: int = Field(90, ge=1)
    keep_unanswered_days: int = Field(7, ge=1)
    store_vouched: bool = False
    store_memory_mb: int = Field(512, ge=16)
    files_mb: int = Field(64, ge=0)
    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_api_url: str = "https://slack.com/api/"
    slack_offer_in: Annotated[tuple[str, ...], NoDecode] = ()
    slack_agents: Annotated[tuple[str, ...], NoDecode] = ()
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_agents: str = ""
    oidc_admins: str = ""
    oidc_scopes: Annotated[tuple[str, ...], NoDecode] = ("profile", "email")
    oidc_label: str = Field("", max_length=40)
    desk_links: bool = True
    desk_room: str = ""
    demo: bool = False
    desk_ping: str = ""
    desk_hours: str = ""
    desk_first_reply: str = ""
    desk_resolve: str = ""
    unclaimed_after: int = Field(1800, ge=1)
    fallback_team: str = ""
    ticket_webhook_url: str = ""
    ticket_webhook_secret: SecretStr = SecretStr("")
    smtp_url: SecretStr = SecretStr("")
    mail_from: str = ""
    mail_after: int = Field(120, ge=0)
    mail_link_days: int = Field(7, ge=1)
    discord_token: SecretStr = SecretStr("")
    discord_forums: Annotated[tuple[str, ...], NoDecode] = ()
    discord_offer: bool = False
    discord_solved_tag: str = Field("solved", max_length=20)
    discord_ask: str = Field("Ask the helpers", max_length=30)
    discord_agents: Annotated[tuple[str, ...], NoDecode] = ()
    discord_message_content: Literal["auto", "off"] = "auto"
    discord_shard_count: int | None = Field(None, ge=1)
    discord_shard_ids: Annotated[tuple[int, ...], NoDecode] = ()
    discord_api_url: str = "https://discord.com/api/v10"
    discord_gateway_url: str = ""
    metrics_token: SecretStr = SecretStr("")
    log_format: Literal["human", "json"] = "human"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator(
        "embed_origins",
        "trusted_proxies",
        "allowed_hosts",
        "slack_offer_in",
        "slack_agents",
        "oidc_scopes",
        "discord_forums",
        "discord_agents",
        "discord_shard_ids",
        mode="before",
    )
    @classmethod
    def _listed(cls, value: object) -> object:
        """Split a list at commas and spaces."""
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("embed_origins")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            if not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+", origin):
                raise ValueError("expected origins such as https://app.example.com, without a path")
        return value

    @field_validator("allowed_hosts")
    @classmethod
    def _hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if not re.fullmatch(r"\*|(\*\.)?[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]", name):
                raise ValueError(
                    "expected names such as help.example.com, without a port; *.example.com for all below"
                )
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _slack_api(cls, value: str) -> str:
        """Accept only https or this machine: the bot's token goes there."""
        url = TypeAdapter(AnyHttpUrl).validate_python(value)
        if url.scheme != "https" and url.host not in LOOPBACK:
            raise ValueError(
                "expected an https address, or one of this machine, because the bot token is sent there"
            )
        return value.rstrip("/") + "/"

    @field_validator("ticket_webhook_url")
    @classmethod
    def _ticket_webhook(cls, value: str) -> str:
        """Accept only https or this machine: tickets go there."""
        if not value:
            return value
        url = TypeAdapter(AnyHttpUrl).validate_python(value)
        if url.scheme != "https" and url.host not in LOOPBACK:
            raise ValueError(
                "expected an https address, or one of this machine, because tickets are sent there"
            )
        return value

    @field_validator("ticket_webhook_secret", "metrics_token")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < 16:
            raise ValueError("expected at least 16 characters")
        return value

    @field_validator("discord_forums", "discord_agents")
    @classmethod
    def _discord_ids(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if not re.fullmatch(r"\d{15,22}", name):
                raise ValueError(
                    "expected ids; in Discord, turn on Developer Mode, then choose Copy ID from a menu"
                )
        return value

    @field_validator("discord_shard_count", mode="before")
    @classmethod
    def _no_count(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("discord_shard_ids")
    @classmethod
    def _shards(cls, value: tuple[int, ...], info: ValidationInfo) -> tuple[int, ...]:
        """Refuse shard ids that do not fit the number of shards, or that come without that number."""
        count = info.data.get("discord_shard_count")
        if value and (count is None or not all(0 <= one < count for one in value)):
            raise ValueError("expected ids below DISCORD_SHARD_COUNT, starting at 0; set both settings")
        return value

    @field_validator("discord_api_url", "discord_gateway_url")
    @classmethod
    def _discord_address(cls, value: str) -> str:
        """Accept only Discord or this machine: the bot's token goes there."""
        parts = urlsplit(value)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        ours = host in LOOPBACK and "@" not in parts.netloc and parts.scheme in ("http", "https", "ws", "wss")
        if value and not ours and not DISCORD.fullmatch(value):
            raise ValueError(
                "expected Discord's address, or one of this machine, because the bot token is sent there"
            )
        return value.rstrip("/")

    @field_validator("public_url")
    @classmethod
    def _public(cls, value: str) -> str:
        if value:
            TypeAdapter(AnyHttpUrl).validate_python(value)
        return value.rstrip("/")

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: str | None) -> str | None:
        """Check how the address begins; the store's own reader checks the rest when a command starts."""
        schemes = ("redis://", "rediss://", "redis+sentinel://", "rediss+sentinel://", "unix://")
        if value and not value.startswith(schemes):
            raise ValueError("expected an address like redis://127.0.0.1:6379/0")
        return value or None

    @field_validator("flows_dir", mode="before")
    @classmethod
    def _no_folder(cls, value: object) -> object:
        return value or None

    @field_validator("flows_dir")
    @classmethod
    def _folder(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_dir():
            raise ValueError("expected an existing folder")
        return value

    def unanswered_days(self) -> int:
        """Return the days for a conversation that no one answered: never fewer than its reminder and its end need."""
        return max(self.keep_unanswered_days, (self.nudge_after + self.close_after) // (24 * 3600) + 1)

    def delays(self) -> dict[str, int]:
        """Return delays in milliseconds, by the names a Change uses."""
        hour = 3600
        seconds = {
            "nudge": self.nudge_after,
            "close": self.close_after,
            "hour": hour,
            "tomorrow": 24 * hour,
            "computer": self.close_after_later,
            "quiet": self.agent_quiet_after,
        }
        return {name: 1000 * value for name, value in seconds.items()}


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings. Raises SettingsError with one line per wrong setting."""
    try:
        if environment is None:
            return Settings()
        return Settings(_env_file=None, **{name.lower(): value for name, value in environment.items()})  # type: ignore[arg-type] # names are checked by the model
    except ValidationError as failure:
        raise SettingsError("\n".join(_lines(failure))) from None


def _lines(failure: ValidationError) -> Iterator[str]:
    for error in failure.errors():
        name = str(error["loc"][0]).upper() if error["loc"] else "settings"
        got = "" if _hidden(name) else f" (got {given(error)})"
        yield f"{name}: {expected(error)}{got}"


def _hidden(name: str) -> bool:
    """Return whether the setting is a credential, or an address that may hold one: no error repeats it (law L9)."""
    field = Settings.model_fields.get(name.lower())
    return (field is not None and field.annotation is SecretStr) or name == "REDIS_URL"
