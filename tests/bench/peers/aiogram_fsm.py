"""aiogram: its finite state machine with the storage for Redis, fed with updates as Telegram's webhook brings them."""

import asyncio
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Final

from aiogram import Bot, Dispatcher, F, Router
from aiogram.filters import CommandStart, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.redis import RedisStorage
from aiogram.types import CallbackQuery, Chat, Message, Update, User

from tests.bench.peers.measured import END, STEPS, STILL, TEXT, arguments, measure

NOW: Final = datetime.now(UTC)


class Step(StatesGroup):
    """The states."""

    s1 = State()
    s2 = State()
    s3 = State()
    s4 = State()
    s5 = State()
    s6 = State()
    exhausted = State()


ORDER: Final = [*(getattr(Step, step) for step in STEPS), Step.exhausted]


def routes() -> Router:
    """Return the flow: a start, and an answer to each step."""
    router = Router()

    @router.message(CommandStart())
    async def started(_message: Message, state: FSMContext) -> None:
        await state.set_state(Step.s1)
        await state.set_data({"path": [], "prompt": TEXT})

    for here, there in pairwise(ORDER):

        @router.callback_query(StateFilter(here), F.data == STILL)
        async def answered(
            _query: CallbackQuery, state: FSMContext, here: Any = here, there: Any = there
        ) -> None:
            path = (await state.get_data())["path"]
            await state.set_state(there)
            await state.set_data({"path": [*path, here.state], "prompt": TEXT})

    return router


async def main() -> None:
    """Play and print."""
    port, conversations, at_once = arguments()
    storage = RedisStorage.from_url(f"redis://127.0.0.1:{port}/0", connection_kwargs={"max_connections": 100})
    bot, dispatcher = Bot("1:" + "x" * 35), Dispatcher(storage=storage)
    dispatcher.include_router(routes())
    numbers: dict[str, int] = {}

    async def play(name: str) -> str:
        person = numbers.setdefault(name, len(numbers) + 1)
        user, chat = User(id=person, is_bot=False, first_name="A"), Chat(id=person, type="private")
        message = Message(message_id=1, date=NOW, chat=chat, from_user=user, text="/start")
        await dispatcher.feed_update(bot, Update(update_id=1, message=message))
        for number in range(len(STEPS)):
            query = CallbackQuery(
                id=str(number), from_user=user, chat_instance="1", data=STILL, message=message
            )
            await dispatcher.feed_update(bot, Update(update_id=2 + number, callback_query=query))
        state = await dispatcher.fsm.get_context(bot, person, person).get_state()
        return END if state == Step.exhausted.state else str(state)

    await measure(play, port, conversations, at_once)
    await storage.close()
    await bot.session.close()


if __name__ == "__main__":
    asyncio.run(main())
