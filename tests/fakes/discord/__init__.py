"""Imitates Discord over real sockets: REST, gateway, people, and everything that can go wrong, on command.

    async def test_a_click(stand_in):                   # the fixture of tests.fakes.discord.client_address
        guild = stand_in.guild("Workshop")
        forum = guild.forum("support", tags=["solved"])
        ana = guild.member("Ana", locale="de")
        ...                                             # a real client of discord.py connects
        post = await ana.posts(forum, "No connection", "Nothing works")
        await stand_in.until(lambda: len(stand_in.messages(post)) == 2)
        clicked = await ana.presses(stand_in.messages(post)[-1], "Fixed it")
        assert clicked.answers[0].type == 7

`state` defines what Discord stores, `world` holds all of it, `message_changes` and `threads` change it. The bot calls
`rest_*` and `interactions`; everyone else acts through `people`. `gateway` and `sessions` send events. `components`,
`modals`, `permissions` and `refusals` are the rules. `faults` makes calls fail. `whole` puts everything together.
"""

from tests.fakes.discord.interactions import Interaction
from tests.fakes.discord.people import Person
from tests.fakes.discord.state import Channel, Message, Tag
from tests.fakes.discord.whole import TOKEN, Discord

__all__ = ["TOKEN", "Channel", "Discord", "Interaction", "Message", "Person", "Tag"]
