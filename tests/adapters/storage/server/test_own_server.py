"""Tests an own server: TLS with an own authority and a client certificate, and the rights in docs/redis.md."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from adapters.storage.store import open_store
from adapters.storage.wire import needed_commands
from bot.ports import StoreDown
from tests.conftest import need
from tests.contracts.support.commits import start
from tests.contracts.support.rights import rights
from tests.contracts.support.servers import free_port, short_folder
from tests.contracts.support.servers import start as start_server
from tests.fakes.wait import wait_for

SOURCE = Path(__file__).resolve().parents[4] / "adapters" / "storage"


def certificates(folder: Path) -> None:
    """Make an authority, and certificates of a server at 127.0.0.1 and of a client."""
    openssl = shutil.which("openssl")
    need("openssl", openssl)

    def make(*words: str) -> None:
        subprocess.run([str(openssl), *words], cwd=folder, check=True, capture_output=True)

    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    make(
        "req", "-x509", *curve, "-days", "2", "-subj", "/CN=authority", "-keyout", "ca.key", "-out", "ca.pem"
    )
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")
    for name in ("server", "client"):
        make("req", *curve, "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names")
        make("x509", "-req", "-in", f"{name}.csr", *signed, "-out", f"{name}.pem")


@pytest.fixture(scope="module")
def secured() -> Iterator[tuple[int, Path]]:
    """Run a server that talks TLS alone, and only to clients with a certificate of its authority."""
    folder, port = short_folder(), free_port()
    certificates(folder)
    files = {"cert-file": "server.pem", "key-file": "server.key", "ca-cert-file": "ca.pem"}
    tls = [word for name, file in files.items() for word in (f"--tls-{name}", str(folder / file))]
    process = start_server(folder, "--port", "0", "--tls-port", str(port), *tls)
    own: dict[str, Any] = {
        f"ssl_{name}": str(folder / file)
        for name, file in (("certfile", "client.pem"), ("keyfile", "client.key"))
    }
    console = redis.Redis(host="127.0.0.1", port=port, ssl=True, ssl_ca_certs=str(folder / "ca.pem"), **own)

    def up() -> bool:
        try:
            return bool(console.ping())
        except redis.RedisError:
            return False

    wait_for(up)
    yield port, folder
    process.kill()
    process.wait()
    console.close()
    shutil.rmtree(folder)


async def test_a_server_with_certificates_of_ones_own_is_used(
    secured: tuple[int, Path], tmp_path: Path
) -> None:
    port, files = secured
    authority = f"ssl_ca_certs={files}/ca.pem"
    client = f"ssl_certfile={files}/client.pem&ssl_keyfile={files}/client.key"
    for hosts in (f"127.0.0.1:{port}", f"127.0.0.1:1,127.0.0.1:{port}"):
        store = await open_store(f"rediss://{hosts}/0?{authority}&{client}", tmp_path)
        assert (await store.conversations.commit(start(key=hosts))).conversation.version >= 1
        await store.close()
    for url, reason in (
        (f"rediss://127.0.0.1:{port}", "certificate verify failed"),
        (f"rediss://127.0.0.1:{port}?{authority}", "127.0.0.1"),
        (f"redis://127.0.0.1:{port}", "127.0.0.1|closed|reset"),
    ):
        with pytest.raises(StoreDown, match=reason):
            await open_store(url, tmp_path)


def test_the_documented_rights_are_those_that_the_product_uses() -> None:
    listed = {word[1:] for word in rights() if word.startswith("+")}
    lua = {
        command.lower()
        for path in SOURCE.rglob("*.lua")
        for command in re.findall(r"redis\.p?call\('([A-Za-z]+)'", path.read_text(encoding="utf-8"))
    }
    python = {
        command.lower()
        for path in SOURCE.rglob("*.py")
        if path.parent.name != "server"
        for command in re.findall(r'(?:\(|\[\()\s*"([A-Z]{3,})"', path.read_text(encoding="utf-8"))
    } - {"nfkc"}
    methods = {"select", "info", "command", "scan", "client|setname", "client|list", "config|get"}
    connection = {"ping", "eval", "evalsha", "ssubscribe", "sunsubscribe", "hscan", "sscan"}
    assert lua | python <= listed, "docs/redis.md lacks a right"
    assert listed <= lua | python | methods | connection, "docs/redis.md lists a right that nothing needs"
    connecting = {"ping", "select", "info", "command", "client|setname"}
    may_lack = {"bgrewriteaof", "client|list", "config|get"}
    assert listed - {command.lower() for command in needed_commands()} == connecting | may_lack
