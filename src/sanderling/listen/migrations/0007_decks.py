from typing import Any

import django.db.models.deletion
from django.db import migrations, models

EVERYBODY = """
set constraints all immediate;
insert into listen_deck (name, shared)
select 'Everybody', 'all' where exists (select from listen_column);
update listen_column set deck_id = (select min(id) from listen_deck);
"""


def key(to: str, deletion: Any = django.db.models.deletion.PROTECT, **options: Any) -> Any:
    return models.ForeignKey(on_delete=deletion, related_name="+", to=to, **options)


CASCADE = django.db.models.deletion.CASCADE


class Migration(migrations.Migration):
    """Decks; the columns that stand become those of one deck that everybody shares."""

    dependencies = [
        ("people", "0002_teams"),
        ("listen", "0006_ask_register"),
    ]

    operations = [
        migrations.CreateModel(
            name="Deck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.TextField()),
                ("owner", key("people.agent", null=True, db_index=False)),
                ("shared", models.TextField()),
                ("team", key("people.team", null=True, db_index=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(shared="own", owner__isnull=False, team=None)
                        | models.Q(shared="team", team__isnull=False)
                        | models.Q(shared="all", team=None),
                        name="deck_shared",
                    )
                ]
            },
        ),
        migrations.AddField("column", "width", models.TextField(default="usual", db_default="usual")),
        migrations.AddField("column", "deck", key("listen.deck", CASCADE, null=True)),
        migrations.RunSQL(EVERYBODY, migrations.RunSQL.noop),
        migrations.AlterField("column", "deck", key("listen.deck", CASCADE)),
        migrations.CreateModel(
            name="Ignored",
            fields=[
                ("pk", models.CompositePrimaryKey("column_id", "post_id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("column", key("listen.column", CASCADE, db_index=False)),
                ("post", key("listen.post", db_index=False)),
                ("by", key("people.agent", null=True, db_index=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Muted",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("deck", key("listen.deck", CASCADE)),
                ("column", key("listen.column", CASCADE, null=True, db_index=False)),
                ("author", key("listen.identity", null=True, db_index=False)),
                ("network", models.TextField(default="")),
                ("thread", models.TextField(null=True)),
                ("name", models.TextField()),
                ("by", key("people.agent", null=True, db_index=False)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["deck", "column", "author", "network", "thread"],
                        name="muted_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(author__isnull=False, thread=None)
                        | models.Q(author=None, thread__isnull=False),
                        name="muted_one_thing",
                    ),
                ]
            },
        ),
    ]
