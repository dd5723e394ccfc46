"""Tests how REDIS_URL is read, and that no error and no log shows its password."""

from pathlib import Path
from typing import Any

import pytest

from adapters.storage.connections.address import passwords, read_address, shown

SENTINELS = (("a", 26379), ("b", 26380))


@pytest.mark.parametrize(
    ("url", "hosts", "options"),
    [
        ("redis://a", [("a", 6379)], {}),
        ("redis://127.0.0.1:6380/2", [("127.0.0.1", 6380)], {"db": 2}),
        ("redis://:p%40ss,word@a", [("a", 6379)], {"password": "p@ss,word"}),
        ("redis://ana:p@ss@a:1", [("a", 1)], {"username": "ana", "password": "p@ss"}),
        ("redis://a:1,b:2,c", [("a", 1), ("b", 2), ("c", 6379)], {}),
        ("redis://a:1, redis://b:2/0", [("a", 1), ("b", 2)], {"db": 0}),
        ("redis://u:p@a:1,u:p@b:2", [("a", 1), ("b", 2)], {"username": "u", "password": "p"}),
        ("redis://u:p@a:1,redis://u:p@b:2", [("a", 1), ("b", 2)], {"username": "u", "password": "p"}),
        ("redis://[::1]:7000,[fe80::1]", [("::1", 7000), ("fe80::1", 6379)], {}),
        ("rediss://a?ssl_check_hostname=no", [("a", 6379)], {"ssl": True, "ssl_check_hostname": False}),
        ("rediss://a?ssl_cert_reqs=none", [("a", 6379)], {"ssl": True, "ssl_cert_reqs": "none"}),
        ("redis://a?db=3&socket_timeout=1.5", [("a", 6379)], {"db": 3, "socket_timeout": 1.5}),
        ("unix:///run/redis.sock?db=1", [], {"path": "/run/redis.sock", "db": 1}),
        ("unix://:pw@/run/redis.sock", [], {"path": "/run/redis.sock", "password": "pw"}),
    ],
)
def test_one_node_a_list_and_a_socket_are_read(
    url: str, hosts: list[tuple[str, int]], options: dict[str, Any]
) -> None:
    address = read_address(url)
    assert (list(address.hosts), dict(address.options)) == (hosts, options)
    assert address.service == ""


def test_sentinels_have_a_service_and_may_have_a_login_of_their_own() -> None:
    address = read_address("redis+sentinel://u:p@a,b:26380/main/4?sentinel_username=s&sentinel_password=q")
    assert (address.kind, address.hosts, address.service) == ("sentinels", SENTINELS, "main")
    assert address.options == {"username": "u", "password": "p", "db": 4}
    assert address.sentinel_options == {"username": "s", "password": "q"}
    random = read_address("redis+sentinel://a/main?sentinel_password=a%2Bb+c%26%25")
    assert random.sentinel_options == {"password": "a+b+c&%"}, "a plus sign is no space"
    plain = read_address("rediss+sentinel://a/main")
    assert plain.options == {"ssl": True}
    assert plain.sentinel_options == {"ssl": True}, "the Sentinels are asked over TLS, too"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://:hunter2@a", "expected an address like redis"),
        ("redis://", "expected an address like redis"),
        ("redis://:hunter2@", "with a host"),
        ("redis://:hunter2@a:one", "port"),
        ("redis://u:hunter2@a,v:hunter2@b", "user and password once, before the first node"),
        ("redis://:hunter2@a:70000", "port"),
        ("redis://user:hunter2/x@a:1", "%2F"),
        ("redis://user:hunter2?x@a:1", "%3F"),
        ("redis://user:hunter2#x@a:1", "%23"),
        ("redis://:hunter2@a/one", "database after the last slash"),
        ("redis://:hunter2@a,rediss://b", "start alike"),
        ("redis+sentinel://:hunter2@a,b", "name the service"),
        ("redis+sentinel://:hunter2@a,b/main/one", "database after the last slash"),
        ("redis://:hunter2@a?sl_ca=1", "unknown option 'sl_ca'"),
        ("redis://:hunter2@a?db=one", "value of db"),
        ("redis://:hunter2@a?ssl_cert_reqs=none", "needs an address that starts with rediss"),
        ("rediss://:hunter2@a?ssl_ca_certs=/no/such/file", "ssl_ca_certs is wrong: there is no such file"),
        ("rediss://:hunter2@a?ssl_cert_reqs=never", "value of ssl_cert_reqs"),
    ],
)
def test_a_wrong_address_is_said_without_its_password(url: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason.replace("?", r"\?")) as wrong:
        read_address(url)
    assert "hunter2" not in str(wrong.value)
    assert "hunter2" not in shown(url)


def test_an_address_is_shown_without_users_passwords_and_options(tmp_path: Path) -> None:
    ca = tmp_path / "ca.pem"
    ca.touch()
    assert shown(f"rediss://u:hunter2@a:1,u:hunter2@b:2/3?ssl_ca_certs={ca}") == "rediss://a:1,b:2/3"
    assert shown("redis+sentinel://u:p@a/main?sentinel_password=q") == "redis+sentinel://a:26379/main"
    assert shown("unix://:hunter2@/run/redis.sock") == "unix:///run/redis.sock"


def test_the_passwords_of_an_address_are_known_so_that_logs_can_mask_them() -> None:
    assert passwords("redis+sentinel://u:p%2Fw@a/main?sentinel_password=q") == {"p/w", "q"}
    assert passwords("redis://a") == frozenset()
