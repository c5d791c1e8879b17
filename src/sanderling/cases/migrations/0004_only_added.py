"""What happened to a clock is only added, never changed."""

from django.db import migrations

TRIGGER = """
create trigger only_added before update or delete on cases_clockfact
for each statement execute function store_only_added()
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_ownership_and_clocks"), ("store", "0002_only_added")]

    operations = [migrations.RunSQL(TRIGGER, "drop trigger only_added on cases_clockfact")]
