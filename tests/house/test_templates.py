"""Every page compiles."""

from __future__ import annotations

import pytest
from django.template import engines

from house.house import SOURCE

HOME = SOURCE / "web" / "templates"
PAGES = sorted(str(page.relative_to(HOME)) for page in HOME.rglob("*") if page.is_file())


@pytest.mark.parametrize("page", PAGES)
def test_the_page_compiles(page):
    engines["jinja2"].get_template(page)
