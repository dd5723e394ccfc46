"""Lets agents in to the web desk: by one-time links, or through an OpenID Connect issuer."""

import secrets
from collections.abc import Callable
from hashlib import sha256
from typing import Final

from bot.ports import Account, Accounts, Invitation, Role, Vault
from bot.wiring.oidc_roles import LONGEST_NAME, Claims, Entry, free, names

INVITE_S: Final = 3 * 24 * 3600
"""Seconds for which an invite link works."""

LINK_S: Final = 24 * 3600
"""Seconds for which a sign-in link, and the link to the first account, works."""

_KIND: Final = "desk/link/"
"""The prefix of the text kept under a link, so that nothing else in the vault works as a link."""


class SignIn:
    """Signs agents in with the vault's one-time tokens or an issuer: the port SignIn."""

    def __init__(
        self,
        vault: Vault,
        accounts: Accounts,
        now: Callable[[], int],
        entry: Entry | None = None,
        *,
        links: bool = True,
    ) -> None:
        """Take the ports; `now` returns milliseconds, `entry` is the issuer, if one is set.

        Without `links` no link works.
        """
        self._vault = vault
        self._accounts = accounts
        self._now = now
        self._entry = entry
        self.links = links

    async def first(self) -> str | None:
        """Return the token of a link to the first account, an admin's; None with other accounts, or without links."""
        if not self.links or await self._accounts.all():
            return None
        return await self._put(Invitation(role="admin", first=True), LINK_S)

    async def invite(self, role: Role, name: str = "") -> str:
        """Return the token of an invite link."""
        return await self._put(Invitation(role=role, name=name.strip()[:LONGEST_NAME]), INVITE_S)

    async def link(self, account: Account) -> str:
        """Return the token of a sign-in link to an existing account."""
        found = Invitation(role=account.role, name=account.name, account=account.id)
        return await self._put(found, LINK_S)

    async def peek(self, token: str) -> Invitation | None:
        """Return what a link is for, without spending it."""
        return await self._valid(await self._vault.peek(token))

    async def accept(self, token: str, name: str) -> Account | None:
        """Spend the link. Raises ValueError, before it is spent, for a new account's unusable name."""
        found = await self.peek(token)
        if found is None:
            return None
        if not found.account:
            name = await self._checked_name(name)
        found = await self._valid(await self._vault.take(token))
        if found is None:
            return None
        if found.account:
            return await self._accounts.get(found.account)
        account = Account(id=secrets.token_hex(6), name=name, role=found.role, made=self._now())
        await self._accounts.put(account)
        return account

    async def admit(self, subject: str, claims: Claims) -> Account | None:
        """Return the account of the issuer's subject; its role follows the claims.

        Someone who no longer has access loses the account, and with it every session in every browser.
        """
        assert self._entry is not None, "no issuer is set"
        account_id = sha256(f"{self._entry.issuer}\n{subject}".encode()).hexdigest()[:20]
        role = self._entry.role(claims)
        if role is None:
            await self._accounts.remove(account_id)
            return None
        known = await self._accounts.get(account_id)
        wanted = names(claims)
        others = [each.name for each in await self._accounts.all() if each.id != account_id]
        kept = known is not None and (known.name in wanted or known.name.rpartition(" ")[0] in wanted)
        name = known.name if known is not None and kept else free(wanted, others)
        made = known.made if known is not None else self._now()
        account = Account(id=account_id, name=name, role=role, made=made, source=self._entry.issuer)
        if account != known:
            await self._accounts.put(account)
        return account

    async def _put(self, invitation: Invitation, seconds: int) -> str:
        return await self._vault.put(_KIND + invitation.model_dump_json(), seconds)

    async def _valid(self, text: str | None) -> Invitation | None:
        """Return the invitation, if it is still valid."""
        if not self.links or text is None or not text.startswith(_KIND):
            return None
        found = Invitation.model_validate_json(text.removeprefix(_KIND))
        if found.account:
            account = await self._accounts.get(found.account)
            return found if account is not None and not account.source else None
        return None if found.first and await self._accounts.all() else found

    async def _checked_name(self, name: str) -> str:
        """Return a name that customers can read and that no other account has. Raises ValueError."""
        name = " ".join(name.split())
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            raise ValueError(f"A name must have 1 to {LONGEST_NAME} characters.")
        if name.casefold() in {account.name.casefold() for account in await self._accounts.all()}:
            raise ValueError(
                "Another agent has this name. Choose a different one so customers can tell you apart."
            )
        return name
