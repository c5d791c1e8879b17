"""What happened is only added, never changed: the database itself refuses anything else."""

from django.db import migrations

FUNCTION = """
create function store_only_added() returns trigger language plpgsql as $$
begin
    raise exception '% is a history: rows are only added', tg_table_name;
end $$
"""
TRIGGER = """
create trigger only_added before update or delete on store_move
for each statement execute function store_only_added()
"""


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "drop function store_only_added()"),
        migrations.RunSQL(TRIGGER, "drop trigger only_added on store_move"),
    ]
