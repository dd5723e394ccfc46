"""Tests the port Accounts: who can sign in to the web desk."""

from adapters.storage.store import Store
from bot.ports import Account

ANA = Account(id="a1", name="Ana", role="admin", made=5)
BEN = Account(id="b1", name="ben", role="agent")


async def test_an_account_is_found_by_its_id_and_listed_by_its_name(store: Store, other: Store) -> None:
    assert await store.accounts.all() == ()
    await store.accounts.put(BEN)
    await other.accounts.put(ANA)
    assert await store.accounts.get("a1") == ANA
    assert await store.accounts.get("") is None
    assert await store.accounts.all() == (ANA, BEN)


async def test_an_account_put_again_takes_the_place_of_the_old_one(store: Store) -> None:
    await store.accounts.put(BEN)
    await store.accounts.put(BEN.model_copy(update={"role": "admin"}))
    found = await store.accounts.get("b1")
    assert found is not None
    assert found.role == "admin"
    assert len(await store.accounts.all()) == 1


async def test_an_account_that_was_removed_is_gone_for_everybody_at_once(store: Store, other: Store) -> None:
    await store.accounts.put(ANA)
    await store.accounts.put(BEN)
    assert await store.accounts.remove("a1")
    assert not await other.accounts.remove("a1")
    assert await other.accounts.get("a1") is None
    assert await other.accounts.all() == (BEN,)
