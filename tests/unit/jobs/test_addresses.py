"""The guard in front of everything that calls out: hostile addresses, and what stands behind names."""

from __future__ import annotations

import ipaddress

import pytest

from engine.jobs.addresses import Blocked, check_address, is_public, is_url, read_target
from engine.jobs.outbound import Outbound
from engine.kernel.errors import Invalid, Unavailable

HOSTILE_URLS = [
    "http://example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com:70/", "//example.com/",
    "javascript:alert(1)", "example.com", "", "https://", "https:///path", "https:example.com",
    "https://0177.0.0.1/", "https://2130706433/", "https://0x7f.0.0.1/", "https://0x7f000001/", "https://127.1/",
    "https://127.0.0.1.1/", "https://1.2.3/", "https://256.1.1.1/", "https://1.2.3.4./",
    "https://user@example.com/", "https://user:secret@example.com/", "https://example.com@127.0.0.1/",
    "https://a.com\\@b.com/", "https://a.com\\b.com/", "https://a.com /", "https://a.com\t/", "https://a.com\r\nX: y/",
    "https://a.com/\x00", "https://a.com/#x", "https://①②⑦.⓪.⓪.①/", "https://ｅxample.com/", "https://例子.中国/",
    "https://[::1%25eth0]/", "https://[::1/", "https://[127.0.0.1]/", "https://[not]/", "https://-a.com/", "https://a..com/",
    "https://a.com./", "https://.a.com/", "https://a_.com_/", "https://example.com:22/", "https://example.com:99999/",
    "https://example.com:x/", "https://example.com:-1/", "https://example.com:0/", "https://" + "a" * 3000 + ".com/",
    "https://" + "a" * 64 + ".com/", "https://a.com%2f@b.com/", "https://%31%32%37.0.0.1/", "https://a.com{}/",
]
HOSTILE_ADDRESSES = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "192.88.99.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::10.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1",
    "64:ff9b:1::1", "2002:7f00:1::", "2001:0:53aa:64c::1", "2001:db8::1", "2001:20::1", "fec0::1", "fc00::1", "fd00::1",
    "fe80::1", "ff02::1", "100::1", "5f00::1", "3fff::1", "fe80::1%eth0", "not an address", "",
]
FINE_URLS = {
    "https://example.com": "https://example.com/",
    "HTTPS://Example.COM:443/a/b?x=1&y=%20": "https://example.com/a/b?x=1&y=%20",
    "https://hooks.example.com:8443/in": "https://hooks.example.com:8443/in",
    "https://8.8.8.8/": "https://8.8.8.8/",
    "https://[2606:4700:0::1111]/": "https://[2606:4700::1111]/",
    "https://a_b.example.com/": "https://a_b.example.com/",
}


@pytest.mark.parametrize("url", HOSTILE_URLS)
def test_hostile_addresses_never_reach_a_resolver(url: str) -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise AssertionError(host)

    with pytest.raises(Invalid) as error:
        Outbound(resolve=resolve).post(url, b"", {})
    assert [problem.code for problem in error.value.problems] == ["outbound.blocked"]
    with pytest.raises(Invalid):
        Outbound().check(url)


@pytest.mark.parametrize("address", HOSTILE_ADDRESSES)
def test_names_that_lead_inside_are_refused_as_all_else_is(address: str) -> None:
    with pytest.raises(Invalid) as error:
        Outbound(resolve=lambda *_: [address]).post("https://innocent.example.com/", b"", {})
    assert [problem.code for problem in error.value.problems] == ["outbound.blocked"]


def test_one_bad_address_among_good_ones_is_enough() -> None:
    with pytest.raises(Invalid):
        Outbound(resolve=lambda *_: ["8.8.8.8", "10.0.0.1"]).post("https://example.com/", b"", {})


def test_a_name_without_addresses_may_have_some_later() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError(host)

    for resolve in (unknown, lambda *_: []):
        with pytest.raises(Unavailable):
            Outbound(resolve=resolve).post("https://example.com/", b"", {})


@pytest.mark.parametrize("url", FINE_URLS)
def test_fine_addresses_get_one_plain_form(url: str) -> None:
    assert read_target(url).url == FINE_URLS[url]
    assert is_url(url)
    Outbound().check(url)


def test_public_addresses_pass() -> None:
    target = read_target("https://example.com/")

    for address in ("8.8.8.8", "1.1.1.1", "2606:4700::1111", "114.114.114.114"):
        assert check_address(address, target) == ipaddress.ip_address(address)
        assert is_public(ipaddress.ip_address(address))


def test_the_operator_may_allow_a_receiver_inside_by_host_and_port() -> None:
    allowed = {"ERP.internal:8080", "10.0.0.5:9000"}

    target = read_target("http://erp.internal:8080/in", allowed)
    assert target.is_allowed
    assert check_address("10.0.0.7", target)
    assert read_target("https://10.0.0.5:9000/", allowed).is_allowed
    for other in ("http://erp.internal/in", "http://erp.internal:8081/in", "http://evil.com:8080/", "http://10.0.0.6:9000/"):
        with pytest.raises(Blocked):
            read_target(other, allowed)


def test_an_allowed_name_still_needs_an_address() -> None:
    with pytest.raises(Blocked):
        check_address("nonsense", read_target("http://erp:80/", {"erp:80"}))


@pytest.mark.parametrize("text", ["nonsense", "https://a b.com/", "https://u@a.com/"])
def test_what_is_no_address_is_none(text: str) -> None:
    assert not is_url(text)
