import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

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

    replaces = [
        ('store', '0001_initial'),
        ('store', '0002_only_added'),
        ('store', '0003_by_agent'),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Move',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.TextField()),
                ('row', models.BigIntegerField()),
                ('was', models.TextField()),
                ('now', models.TextField()),
                ('move', models.TextField()),
                ('at', models.DateTimeField()),
                ('note', models.TextField(blank=True, default='')),
                ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'row', 'id'], name='move_of_row'), models.Index(condition=models.Q(('by__isnull', False)), fields=['by', 'id'], name='move_of_agent')],
            },
        ),
        # What happened is only added, never changed: the database itself refuses anything else.
        migrations.RunSQL(FUNCTION, "drop function store_only_added()"),
        migrations.RunSQL(TRIGGER, "drop trigger only_added on store_move"),
    ]
