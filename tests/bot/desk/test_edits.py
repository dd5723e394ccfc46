"""Tests edits of messages that were answered already: both texts are kept, and one sentence says what to press."""

from bot.ports import Outcome
from flows.conversation import Conversation, Status
from flows.events import Answered, Claimed, Edited, Event, File, Said
from flows.text.markup.words import plain
from flows.text.phrases import PHRASES
from flows.views.dossier import Dossier
from tests.fakes.world import World


class Edits:
    """Sends Ana's messages and their edits to a real desk."""

    def __init__(self) -> None:
        self.world = World()
        self.at = Conversation(id="")

    async def start(self) -> None:
        self.at = await self.world.start("lamp")

    async def send(self, event: Event, actor: str = "sent:ana") -> Outcome:
        outcome = await self.world.send(event.model_copy(update={"conversation": self.at.id, "actor": actor}))
        assert outcome is not None
        self.at = outcome.conversation
        return outcome

    async def say(self, text: str, key: str, *files: File) -> Outcome:
        return await self.send(Said(text=text, key=key, files=files, turn=self.at.turn))

    async def edit(self, of: str, text: str) -> Outcome:
        return await self.send(Edited(of=of, text=text))

    def told(self, phrase: str) -> int:
        shown = PHRASES[phrase].replace("**", "").partition("{")[0]
        return sum(shown in text for text in self.world.platform.texts("ana"))

    async def dossier(self) -> Dossier:
        dossier = await self.world.app.reader.dossier(self.at.id)
        assert dossier is not None
        return dossier


async def test_an_answer_that_is_edited_stays_and_both_texts_are_kept() -> None:
    edits = Edits()
    await edits.start()
    await edits.say("it works now", "m1", File(id="F1", name="screen.png"))
    assert edits.at.status is Status.RESOLVED
    await edits.edit("m1", "it works now? no, same error")
    assert edits.at.status is Status.RESOLVED
    assert edits.told("edited_ended") == 1
    (row,) = (await edits.dossier()).screen.tried
    assert (row.said.text, row.said.edited) == ("it works now", "it works now? no, same error")
    assert [file.name for file in row.said.files] == ["screen.png"]
    await edits.edit("m1", "it works now? no, same error!!")
    assert edits.told("edited_ended") == 1, "it is said once"
    (row,) = (await edits.dossier()).screen.tried
    assert (row.said.text, row.said.edited) == ("it works now", "it works now? no, same error!!")
    await edits.world.close()


async def test_unheard_words_edited_to_an_answer_answer_nothing_and_say_so() -> None:
    edits = Edits()
    await edits.start()
    await edits.say("the cable is blue", "m1")
    before = edits.at
    await edits.edit("m1", "still failing")
    assert (edits.at.step, edits.at.turn) == (before.step, before.turn)
    assert edits.told("edited_unheard") == 1
    (line,) = [line for line in (await edits.dossier()).lines if line.kind == "said"][-1:]
    assert (plain(line.words), plain(line.edited)) == ("the cable is blue", "still failing")
    await edits.edit("m1", "the cable is green")
    line = [line for line in (await edits.dossier()).lines if line.kind == "said"][-1]
    assert (plain(line.words), plain(line.edited)) == ("the cable is blue", "the cable is green")
    assert edits.told("edited_unheard") == 1
    await edits.world.close()


async def test_each_state_names_the_button_that_helps() -> None:
    edits = Edits()
    await edits.start()
    await edits.say("still failing", "m1")
    await edits.edit("m1", "still failing? no, it works")
    assert edits.told("edited_back") == 1
    await edits.say("human please", "m2")
    await edits.edit("m2", "sorry, no human needed")
    assert edits.told("edited_waiting") == 1
    await edits.send(Claimed(name="Max"), "desk:max")
    sent = len(edits.world.platform.texts("ana"))
    await edits.edit("m2", "or do I need one")
    await edits.edit("m1", "still failing, yes")
    assert len(edits.world.platform.texts("ana")) == sent, "the bot is silent while an agent has it"
    await edits.world.close()


async def test_a_deleted_answer_takes_both_texts_with_it() -> None:
    edits = Edits()
    await edits.start()
    await edits.say("still failing", "m1", File(id="F1", name="screen.png"))
    await edits.edit("m1", "still failing, my name is Ana")
    await edits.edit("m1", "")
    (row,) = (await edits.dossier()).screen.tried
    assert not row.said.left
    assert row.answer == "Still failing"
    assert await edits.world.store.conversations.words(edits.at.id) == {}
    await edits.world.close()


async def test_a_pressed_button_has_no_words_to_edit() -> None:
    edits = Edits()
    await edits.start()
    await edits.send(Answered(turn=edits.at.turn, choice="still-failing", key="p1"))
    assert (await edits.edit("p1", "I said more")).refusal is not None
    await edits.world.close()
