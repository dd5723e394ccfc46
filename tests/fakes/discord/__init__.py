"""A stand-in for Discord over real sockets: REST, gateway, people, and everything that goes wrong on command."""

from tests.fakes.discord.interactions import Interaction
from tests.fakes.discord.people import Person
from tests.fakes.discord.state import Channel, Message, Tag
from tests.fakes.discord.whole import TOKEN, Discord

__all__ = ["TOKEN", "Channel", "Discord", "Interaction", "Message", "Person", "Tag"]
