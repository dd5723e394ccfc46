"""Writes Discord's objects as Discord sends them, with the documented fields, so that the real client reads them."""

from typing import Any

from tests.fakes.discord.guilds import Guild
from tests.fakes.discord.ids import Clock
from tests.fakes.discord.state import Attachment, Channel, Json, Kind, Member, Message, Role, User


class Payloads:
    """Writes all objects. Knows the clock, for times, and the bot's user."""

    def __init__(self, clock: Clock, bot: User) -> None:
        self._at = clock.stamp
        self._bot = bot

    def user(self, user: User, alias: str | None = None) -> Json:
        return {
            "id": str(user.id),
            "username": alias or user.name.lower().replace(" ", "."),
            "global_name": None if user.bot else user.name,
            "discriminator": "0000" if user.bot else "0",
            "avatar": None,
            "avatar_decoration_data": None,
            "banner": None,
            "accent_color": None,
            "clan": None,
            "primary_guild": None,
            "collectibles": None,
            "bot": user.bot,
            "public_flags": 0,
            "flags": 0,
        }

    def role(self, role: Role) -> Json:
        return {
            "id": str(role.id),
            "name": role.name,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "icon": None,
            "unicode_emoji": None,
            "position": role.position,
            "permissions": str(role.permissions),
            "managed": role.managed_by is not None,
            "mentionable": role.mentionable,
            "flags": 0,
            "tags": {"bot_id": str(role.managed_by)} if role.managed_by else {},
        }

    def member(self, member: Member, with_user: bool = True) -> Json:
        given = {
            "nick": member.nick,
            "roles": [str(role.id) for role in member.roles],
            "joined_at": self._at(member.joined),
            "avatar": None,
            "banner": None,
            "premium_since": None,
            "communication_disabled_until": None,
            "pending": False,
            "deaf": False,
            "mute": False,
            "flags": 0,
        }
        return {"user": self.user(member.user), **given} if with_user else given

    def channel(self, channel: Channel) -> Json:
        if channel.kind is Kind.DM:
            return {
                "id": str(channel.id),
                "type": 1,
                "flags": 0,
                "last_message_id": self._last(channel),
                "recipients": [self.user(user) for user in channel.recipients if user is not self._bot],
            }
        return self._thread(channel) if channel.is_thread else self._room(channel)

    def _last(self, channel: Channel) -> str | None:
        return str(max(channel.messages)) if channel.messages else None

    def _room(self, channel: Channel) -> Json:
        given: Json = {
            "id": str(channel.id),
            "type": int(channel.kind),
            "guild_id": str(channel.guild.id) if channel.guild else None,
            "name": channel.name,
            "parent_id": None,
            "topic": channel.topic,
            "position": channel.position,
            "nsfw": False,
            "rate_limit_per_user": 0,
            "default_auto_archive_duration": 1440,
            "last_message_id": self._last(channel),
            "permission_overwrites": self._overwrites(channel),
            "flags": channel.flags,
        }
        if channel.kind is Kind.FORUM:
            given |= {
                "available_tags": [self.tag(tag) for tag in channel.tags],
                "default_reaction_emoji": None,
                "default_sort_order": None,
                "default_forum_layout": 0,
                "default_thread_rate_limit_per_user": 0,
                "template": "",
            }
        return given

    def _overwrites(self, channel: Channel) -> list[Json]:
        roles = set(channel.guild.roles) if channel.guild else set()
        return [
            {
                "id": str(whom),
                "type": 0 if whom in roles else 1,
                "allow": str(channel.allowed.get(whom, 0)),
                "deny": str(channel.denied.get(whom, 0)),
            }
            for whom in {*channel.denied, *channel.allowed}
        ]

    def tag(self, tag: Any) -> Json:
        named = {"id": str(tag.id), "name": tag.name, "moderated": tag.moderated}
        return {**named, "emoji_id": None, "emoji_name": None}

    def _thread(self, thread: Channel) -> Json:
        assert thread.parent is not None
        assert thread.guild is not None
        given: Json = {
            "id": str(thread.id),
            "type": int(thread.kind),
            "guild_id": str(thread.guild.id),
            "parent_id": str(thread.parent.id),
            "owner_id": str(thread.owner),
            "name": thread.name,
            "last_message_id": self._last(thread),
            "message_count": max(0, len(thread.messages) - int(thread.is_post)),
            "total_message_sent": len(thread.messages),
            "member_count": min(50, len(thread.members)),
            "rate_limit_per_user": 0,
            "flags": thread.flags,
            "applied_tags": [str(tag) for tag in thread.applied],
            "thread_metadata": {
                "archived": thread.archived,
                "auto_archive_duration": thread.auto_archive,
                "archive_timestamp": self._at(thread.archive_changed or thread.made),
                "create_timestamp": self._at(thread.made),
                "locked": thread.locked,
            },
        }
        if thread.kind is Kind.PRIVATE_THREAD:
            given["thread_metadata"]["invitable"] = thread.invitable
        if self._bot.id in thread.members:
            given["member"] = self.thread_member(thread, self._bot.id)
        return given

    def thread_member(self, thread: Channel, user: int) -> Json:
        joined = self._at(thread.members[user])
        return {"id": str(thread.id), "user_id": str(user), "join_timestamp": joined, "flags": 1}

    def attachment(self, file: Attachment) -> Json:
        given = {
            "id": str(file.id),
            "filename": file.name,
            "size": len(file.content),
            "url": file.url,
            "proxy_url": file.url,
            "content_type": file.kind,
            "flags": 0,
        }
        return {**given, "description": file.description} if file.description else given

    def guild(self, guild: Guild) -> Json:
        channels = [channel for channel in guild.channels.values() if not channel.is_thread]
        threads = [one for one in guild.channels.values() if one.is_thread and not one.archived]
        seen = [one for one in threads if one.kind is not Kind.PRIVATE_THREAD or self._bot.id in one.members]
        return {
            **self.guild_itself(guild),
            "joined_at": self._at(),
            "large": False,
            "unavailable": False,
            "member_count": len(guild.members),
            "voice_states": [],
            "members": [self.member(guild.members[self._bot.id])] if self._bot.id in guild.members else [],
            "channels": [self._inside(channel) for channel in channels],
            "threads": [self._inside(thread) for thread in seen],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }

    def _inside(self, channel: Channel) -> Json:
        """Return a channel as it is listed in its guild's event, which names the guild only once."""
        return {name: value for name, value in self.channel(channel).items() if name != "guild_id"}

    def guild_itself(self, guild: Guild) -> Json:
        """Return a guild without its content."""
        named = (
            "icon splash discovery_splash banner description vanity_url_code afk_channel_id application_id"
        )
        channels = "system_channel_id rules_channel_id public_updates_channel_id widget_channel_id"
        more = "safety_alerts_channel_id home_header max_presences incidents_data"
        nothing = dict.fromkeys([*named.split(), *channels.split(), *more.split()])
        return {
            **nothing,
            "id": str(guild.id),
            "name": guild.name,
            "owner_id": str(guild.owner.id),
            "roles": [self.role(role) for role in guild.roles.values()],
            "emojis": [],
            "stickers": [],
            "features": ["COMMUNITY"],
            "preferred_locale": guild.locale,
            "verification_level": 1,
            "default_message_notifications": 1,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "premium_subscription_count": 0,
            "premium_progress_bar_enabled": False,
            "system_channel_flags": 0,
            "afk_timeout": 300,
            "region": "deprecated",
            "widget_enabled": False,
            "max_members": 500_000,
            "max_stage_video_channel_users": 50,
            "max_video_channel_users": 25,
            "nsfw": False,
        }

    def message(self, message: Message, nested: bool = False) -> Json:
        """Return a message as REST does."""
        given: Json = {
            "id": str(message.id),
            "type": message.type,
            "channel_id": str(message.channel.id),
            "author": self.user(message.author, message.alias),
            "content": message.content,
            "embeds": message.embeds,
            "attachments": [self.attachment(file) for file in message.attachments],
            "components": message.components,
            "mentions": [self.user(user) for user in message.mentions],
            "mention_roles": [str(role) for role in message.mention_roles],
            "mention_everyone": message.mention_everyone,
            "pinned": False,
            "tts": False,
            "timestamp": self._at(message.made),
            "edited_timestamp": self._at(message.edited) if message.edited else None,
            "flags": message.flags,
        }
        return given | self._rest(message, nested)

    def _rest(self, message: Message, nested: bool) -> Json:
        """Return the fields that a message has only if they are not empty."""
        given: Json = {}
        if message.reactions:
            given["reactions"] = [self._reaction(*one) for one in message.reactions.items()]
        if message.webhook:
            given["webhook_id"] = str(message.webhook)
        if message.author is self._bot:
            given["application_id"] = str(self._bot.id)
        if message.interaction:
            given["interaction_metadata"] = message.interaction
        if message.thread and not message.thread.deleted:
            given["thread"] = self.channel(message.thread)
        if message.origin and message.snapshot:
            given["message_reference"] = self._reference(message.origin, 1)
            given["message_snapshots"] = [{"message": message.snapshot}]
        if of := message.reference:
            given["message_reference"] = self._reference(of, 0)
            if not nested:
                given["referenced_message"] = None if of.deleted else self.message(of, nested=True)
        return given

    def _reference(self, of: Message, kind: int) -> Json:
        place: Json = {"type": kind, "message_id": str(of.id), "channel_id": str(of.channel.id)}
        return place | ({"guild_id": str(of.channel.guild.id)} if of.channel.guild else {})

    def _reaction(self, emoji: str, users: list[int]) -> Json:
        counted = {"count": len(users), "count_details": {"normal": len(users), "burst": 0}}
        mine = {"me": self._bot.id in users, "me_burst": False, "burst_colors": []}
        return {"emoji": {"id": None, "name": emoji}, **counted, **mine}
