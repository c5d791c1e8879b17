"""The practice network's own page: reading, writing as anyone, closed to other sites."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from practice_server import Net

PATHS = ("/", "/people", "/messages", "/controls")


@pytest.fixture
def page(net: Net) -> Iterator[httpx.Client]:
    """A browser without JavaScript on the practice network's page."""
    with httpx.Client(
        base_url=net.url, headers={"Origin": net.url}, follow_redirects=True
    ) as browser:
        yield browser


@pytest.fixture
def who(net: Net) -> str:
    return str(net.people(messages_from="everyone")[0]["handle"])


def act(page: httpx.Client, who: str, do: str, **fields: str) -> httpx.Response:
    return page.post("/act", data={"as": who, "do": do, **fields})


@pytest.mark.parametrize("path", PATHS)
def test_every_page_opens_for_nobody_and_for_somebody(
    page: httpx.Client, who: str, path: str
) -> None:
    for query in ("", f"?as={who}"):
        answer = page.get(path + query)
        assert answer.status_code == 200
        assert "script-src" not in answer.text
        assert answer.headers["content-security-policy"].startswith("default-src 'self'")


def test_an_angry_customer_is_played_on_the_page_and_heard_by_the_desk(
    net: Net, page: httpx.Client, who: str
) -> None:
    assert act(page, who, "write", text="@NorthwindCare no signal!").status_code == 200
    (post,) = net.posts().values()
    assert (post.text, post.author.handle) == ("@NorthwindCare no signal!", who)
    assert "no signal!" in page.get("/").text
    act(page, who, "write", text="Still nothing", reply_to=post.remote_id)
    thread = page.get(f"/thread/{post.remote_id}").text
    assert "no signal!" in thread
    assert "Still nothing" in thread


def test_one_can_like_repost_edit_and_delete_as_somebody(
    net: Net, page: httpx.Client, who: str
) -> None:
    act(page, who, "write", text="teh bill")
    (post,) = net.posts()
    act(page, who, "edit", post=post, text="the bill")
    act(page, who, "like", post=post)
    act(page, who, "repost", post=post)
    shown = page.get("/").text
    assert "the bill" in shown
    assert "edited" in shown
    assert "1 likes · 1 reposts" in shown
    act(page, who, "delete", post=post)
    assert "the bill" not in page.get("/").text


def test_direct_messages_are_shown_to_their_two_people_only(
    net: Net, page: httpx.Client, who: str
) -> None:
    act(page, who, "write", text="my secret number", to="NorthwindCare", room="direct")
    stranger = net.people()[-1]["handle"]
    assert "my secret number" in page.get(f"/messages/{net.account_id}?as={who}").text
    (post,) = net.posts()
    for path in (
        "/", f"/?as={who}", f"/messages/{net.account_id}?as={stranger}",
        f"/messages/{net.account_id}", f"/thread/{post}", f"/people/{who}",
    ):  # fmt: skip
        assert "my secret number" not in page.get(path).text, path


def test_hostile_text_is_shown_as_text(net: Net, page: httpx.Client, who: str) -> None:
    evil = '<script>alert(1)</script> https://x.example/"onmouseover="alert(1) @NorthwindCare'
    act(page, who, "write", text=evil)
    (post,) = net.posts()
    for path in ("/", f"/thread/{post}", f"/people/{who}?as={who}"):
        shown = page.get(path).text
        assert "<script>alert" not in shown
        assert 'onmouseover="' not in shown
        assert "&lt;script&gt;" in shown


@pytest.mark.parametrize("path", ["/act", "/pace", "/faults"])
@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "http://127.0.0.1:1"])
def test_a_form_sent_by_another_site_changes_nothing(
    net: Net, who: str, path: str, origin: str | None
) -> None:
    headers = {"Origin": origin} if origin else {}
    fields = {"as": who, "do": "write", "text": "hi", "speed": "60", "lose": "1"}
    answer = httpx.post(net.url + path, data=fields, headers=headers)
    assert answer.status_code == 403
    assert net.posts() == {}
    assert net._ask("GET", "/api/admin/faults")["lose"] == 0


def test_a_foreign_name_that_points_here_is_refused(net: Net) -> None:
    for method in ("GET", "POST"):
        headers = {"Host": "evil.example", "Origin": "http://evil.example"}
        answer = httpx.request(
            method, net.url + ("/" if method == "GET" else "/act"), headers=headers
        )
        assert answer.status_code == 403


def test_the_page_says_in_words_why_something_was_not_done(page: httpx.Client, who: str) -> None:
    answer = act(page, who, "write", text="x" * 300)
    assert answer.status_code == 403
    assert "280" in answer.text
    assert page.get("/?as=nobody_here").status_code == 403
    assert page.get("/nowhere").status_code == 404
    assert page.post("/act", data={"do": "nonsense"}).status_code == 422
    assert page.post("/pace", data={"speed": "fast"}).status_code == 422


def test_faults_and_speed_are_set_and_cleared_on_the_page(net: Net, page: httpx.Client) -> None:
    page.post("/faults", data={"repeat": "0.5", "forget_keys": "true", "delay_s": "", "as": ""})
    faults = net._ask("GET", "/api/admin/faults")
    assert (faults["repeat"], faults["forget_keys"], faults["delay_s"]) == (0.5, True, 0)
    assert page.post("/faults", data={"lose": "7"}).status_code == 422
    page.post("/faults", data={})
    assert net._ask("GET", "/api/admin/faults")["repeat"] == 0
    page.post("/pace", data={"speed": "20"})
    assert 'value="20" aria-pressed="true"' in page.get("/controls").text


def test_older_posts_are_on_further_pages_and_none_is_shown_twice(
    net: Net, page: httpx.Client, who: str
) -> None:
    texts = [f"number {i} of many" for i in range(50)]
    for text in texts:
        net.write(who, text)
    first = page.get("/").text
    older = first.split('<a href="/?before=')[1].split('"')[0]
    second = page.get("/", params={"before": older}).text
    for text in texts:
        assert (text in first) != (text in second), text


def test_pictures_and_faces_are_drawn_here(net: Net, page: httpx.Client) -> None:
    for path in (f"/avatars/{net.account_id}.svg", "/pictures/ad.svg"):
        answer = page.get(path)
        assert answer.headers["content-type"] == "image/svg+xml"
        assert answer.text.startswith("<svg")
    for path in ("/practice.css", "/practice.js"):
        assert page.get(path).status_code == 200
