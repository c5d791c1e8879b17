"""Pictures beside the composer: who may attach and see them, and what is said when one is unfit."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

import factories
from pictures import JPEG, SECRET, photograph
from sanderling.respond.models import Outgoing, Picture
from sanderling.web import uploads

pytestmark = pytest.mark.django_db
SCRIPT = {"X-Desk": "1"}


@pytest.fixture
def ada(client):
    agent = factories.agent("Ada Lund")
    client.force_login(agent)
    return agent


@pytest.fixture
def case(ada):
    return factories.case(factories.account(), factories.identity())


def attach(client, case, held=JPEG, room="public", script=True, name="cat.exe"):
    given = {"room": room, "file": SimpleUploadedFile(name, held, content_type="text/html")}
    path = f"/case/{case.pk}/pictures/"
    return client.post(path, given, headers=SCRIPT if script else {})


def change(client, case, act, **more):
    path = f"/case/{case.pk}/pictures/{Picture.objects.get().pk}/"
    return client.post(path, {"act": act, **more}, headers=SCRIPT)


def test_a_picture_is_attached_shown_beside_the_draft_and_served_as_what_it_is(client, case):
    assert attach(client, case, photograph()).status_code == 200
    picture = Picture.objects.get()
    assert f'src="/pictures/{picture.pk}"' in client.get(f"/case/{case.pk}/").text
    served = client.get(f"/pictures/{picture.pk}")
    assert served["Content-Type"] == "image/jpeg"
    assert served["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in served["Content-Security-Policy"]
    assert SECRET not in served.content


def test_only_agents_attach_and_see_pictures(client, case):
    attach(client, case)
    picture = Picture.objects.get().pk
    client.logout()
    assert client.get(f"/pictures/{picture}").status_code == 302
    assert attach(client, case).status_code == 401
    assert Picture.objects.count() == 1


def test_a_picture_that_is_not_kept_any_more_is_not_found(client, ada):
    assert client.get("/pictures/99999").status_code == 404


def test_a_form_from_elsewhere_attaches_nothing(case, ada):
    from django.test import Client  # noqa: PLC0415  one that minds where forms come from

    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    assert attach(client, case).status_code == 403
    assert not Picture.objects.exists()


@pytest.mark.parametrize(
    ("held", "room", "why"),
    [(b"<svg/>", "public", "no picture"), (b"", "public", "Choose a picture"),
     (JPEG, "note", "hang on public replies")],
)  # fmt: skip
def test_what_cannot_be_attached_is_said_in_words(client, case, held, room, why):
    answer = attach(client, case, held, room)
    assert answer.status_code == 422
    assert why in " ".join(answer.json()["why"])


def test_more_than_can_be_a_picture_is_not_even_read(client, case, monkeypatch):
    monkeypatch.setattr(uploads, "MOST", 1_000)
    assert attach(client, case, JPEG + b"\0" * 2_000).status_code == 400
    assert not Picture.objects.exists()


def test_a_picture_is_described_and_sent_by_name_and_comes_back_with_undo(client, case):
    attach(client, case)
    picture = Picture.objects.get().pk
    sent = {
        "room": "public", "text_public": "Look", "then": "wait", "picture_public": picture,
        "seen": case.about_post_id,
    }  # fmt: skip
    path = f"/case/{case.pk}/send/"
    refused = client.post(path, sent, headers=SCRIPT)
    assert "Describe the picture" in " ".join(refused.json()["why"])
    assert change(client, case, "describe", alt="A kettle").status_code == 200
    number = client.post(path, sent, headers=SCRIPT).json()["outgoing"]
    assert Outgoing.objects.get().media == [{"picture": picture, "alt": "A kettle"}]
    assert f"/pictures/{picture}" not in client.get(f"/case/{case.pk}/").text
    back = f"/case/{case.pk}/outgoing/{number}/"
    client.post(back, {"act": "withdraw"}, headers=SCRIPT)
    assert f"/pictures/{picture}" in client.get(f"/case/{case.pk}/").text


def test_a_picture_is_taken_away(client, case):
    attach(client, case)
    assert change(client, case, "explode").status_code == 422
    assert change(client, case, "remove").status_code == 200
    assert not Picture.objects.exists()


def test_without_script_forms_attach_describe_and_send(client, case):
    assert attach(client, case, script=False).status_code == 303
    picture = Picture.objects.get().pk
    path = f"/case/{case.pk}/pictures/{picture}/"
    assert client.post(path, {"act": "describe", f"alt_{picture}": "A kettle"}).status_code == 303
    page = client.get(f"/case/{case.pk}/").text
    assert ">A kettle</textarea>" in page
    assert 'name="picture_public"' in page
    assert 'id="pic-form"' in page


def test_descriptions_are_shown_as_words(client, case):
    attach(client, case)
    change(client, case, "describe", alt='"><script>alert(1)</script>')
    assert "<script>alert" not in client.get(f"/case/{case.pk}/").text
