"""Fetching pictures from servers that mean no good."""

from __future__ import annotations

import socket
import time

import pytest

from sanderling.core.network import NetworkError, Refused, Unreachable
from sanderling.networks.media import client
from sanderling.networks.media.client import Pictures
from servers.website import answer, website


@pytest.fixture
def site():
    with website() as found:
        yield found


@pytest.fixture
def pictures():
    found = Pictures(allow_private=True)
    yield found
    found.close()


def test_what_lies_there_is_given_and_nothing_told_of_us(site, pictures):
    url = site.put("/a.png", b"a picture", kind="image/png", Set_Cookie="who=me; Path=/")
    assert pictures.fetch(url) == pictures.fetch(url) == b"a picture"
    for _, _, headers in site.asked:
        assert not {"cookie", "referer", "authorization"} & set(headers)
        assert headers["user-agent"] == "Sanderling (customer care desk)"


def test_redirects_are_followed_three_times(site, pictures):
    site.put("/0", b"there", kind="image/png")
    for n in range(1, 5):
        site.lead(f"/{n}", f"/{n - 1}")
    assert pictures.fetch(site.url + "/3") == b"there"
    with pytest.raises(Refused, match="on and on"):
        pictures.fetch(site.url + "/4")


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "gopher://127.0.0.1/", "ftp://a.example/", "https://",
     "http://me:secret@a.example/x.png", "//a.example/x.png", "https://a.example/" + "x" * 2_000],
)  # fmt: skip
def test_only_plain_web_addresses_are_asked_also_after_a_redirect(site, pictures, url):
    with pytest.raises(Refused):
        pictures.fetch(url)
    with pytest.raises(NetworkError):
        pictures.fetch(site.lead("/on", url))


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8080/a", "http://localhost/a", "http://[::1]/a", "http://10.0.0.1/a",
     "http://169.254.169.254/latest/meta-data/", "http://[::ffff:127.0.0.1]/a", "http://0/a",
     "http://2130706433/a", "http://127.0.0.1:22/"],
)  # fmt: skip
def test_nothing_inside_a_private_network_is_called(url):
    stranger = Pictures()
    try:
        with pytest.raises(Unreachable):
            stranger.fetch(url)
    finally:
        stranger.close()


def test_a_redirect_into_a_private_network_is_not_followed(site, monkeypatch):
    """The site counts as public; what it leads to is looked at again."""
    from sanderling.networks.wire import reachable  # noqa: PLC0415  beside what is changed in it

    port, real = int(site.url.rpartition(":")[2]), reachable.public_address

    async def public(host: str, asked: int) -> str:
        return "127.0.0.1" if asked == port else await real(host, asked)

    monkeypatch.setattr(reachable, "public_address", public)
    stranger = Pictures()
    try:
        with pytest.raises(Unreachable, match="private"):
            stranger.fetch(site.lead("/a.png", "http://127.0.0.1:8080/inside"))
    finally:
        stranger.close()
    assert len(site.asked) == 1


def test_a_name_that_changes_its_address_meanwhile_gains_nothing(monkeypatch):
    """The address that was checked is called, whatever the resolver says the second time."""
    answers = iter(["93.184.216.34", "127.0.0.1", "127.0.0.1"])
    real, called = socket.getaddrinfo, list[object]()

    def rebinding(host, *more, **named):
        if host in ("rebind.example", b"rebind.example"):
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), 80))]
        return real(host, *more, **named)

    def connect(_, address) -> None:
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(socket.socket, "connect", connect)
    stranger = Pictures()
    try:
        with pytest.raises(Unreachable):
            stranger.fetch("http://rebind.example/a.png")
    finally:
        stranger.close()
    assert called == [("93.184.216.34", 80)]


def test_a_picture_of_our_own_network_leads_nowhere_else(site, pictures):
    with website() as other:
        away = site.lead("/away", other.put("/a.png", b"inside", kind="image/png"))
        with pytest.raises(Refused):
            pictures.fetch(away, within=site.url + "/")
        assert not other.asked
    near = site.put("/near.png", b"near", kind="image/png")
    assert pictures.fetch(near, within=site.url + "/") == b"near"


@pytest.mark.parametrize("told", [True, False])
def test_more_than_eight_megabytes_are_not_read(site, pictures, monkeypatch, told):
    monkeypatch.setattr(client, "MOST_BYTES", 50_000)

    def large(request) -> None:
        request.send_response(200)
        if told:
            request.send_header("Content-Length", str(200_000_000))
        request.end_headers()
        for _ in range(200_000):
            request.wfile.write(b"x" * 1000)

    with pytest.raises(Refused, match="larger than 8 MB"):
        pictures.fetch(site.on("/large", large))


def test_a_bomb_is_not_unpacked(site, pictures):
    url = site.put("/bomb", b"\x1f\x8b" + b"\0" * 1000, kind="image/png", Content_Encoding="gzip")
    with pytest.raises(Refused, match="packed"):
        pictures.fetch(url)


def test_a_server_that_drips_is_left_after_a_while(site, pictures, monkeypatch):
    monkeypatch.setattr(client, "MOST_S", 0.5)

    def drip(request) -> None:
        request.send_response(200)
        request.end_headers()
        for _ in range(200):
            request.wfile.write(b"x")
            request.wfile.flush()
            time.sleep(0.05)

    with pytest.raises(Unreachable, match="too long"):
        pictures.fetch(site.on("/drip", drip))


@pytest.mark.parametrize(
    ("status", "why"),
    [(401, "signed in"), (403, "signed in"), (404, "not there any more"), (410, "not there"),
     (429, "so often"), (500, "500"), (206, "206"), (204, "204")],
)  # fmt: skip
def test_what_a_server_does_not_give_is_said_in_our_words(site, pictures, status, why):
    body = b"" if status == 204 else b"<script>its own words</script>"
    url = site.on("/a", lambda request: answer(request, status, body, {}))
    with pytest.raises(Refused, match=why) as refused:
        pictures.fetch(url)
    assert "script" not in str(refused.value)


def test_nobody_there_is_said_in_words(pictures):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unreachable, match="does not answer"):
        pictures.fetch(f"http://127.0.0.1:{port}/a.png")
