"""The style guide is there for those who build the desk, and only for them."""

from __future__ import annotations

import re

import pytest


def test_an_installation_has_no_style_guide(client, db):
    assert client.get("/styleguide/").status_code == 404


def test_every_part_is_drawn_where_the_desk_is_being_built(client, settings):
    settings.DEBUG = True
    html = client.get("/styleguide/").content.decode()
    sections = re.findall(r'class="sg__sec" id="([\w-]+)"', html)
    assert {"buttons", "marks", "rows", "timeline", "composer-closed", "deck"} <= set(sections)
    assert len(sections) == len(set(sections)) > 12


@pytest.mark.parametrize(
    ("asked", "found"),
    [("theme=dark", 'data-theme="dark"'), ("density=compact", 'data-density="compact"'),
     ("dir=rtl", '<body class="sg" dir="rtl">')],
)  # fmt: skip
def test_a_look_is_asked_for_by_the_address_and_an_unknown_one_is_none(
    client, settings, asked, found
):
    settings.DEBUG = True
    assert found in client.get(f"/styleguide/?{asked}").content.decode()
    assert found not in client.get("/styleguide/?theme=x&density=x&dir=x").content.decode()
