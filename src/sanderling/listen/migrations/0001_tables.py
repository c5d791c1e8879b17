import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('listen', '0001_initial'),
        ('listen', '0002_networks'),
        ('listen', '0003_teams'),
        ('listen', '0004_spend_reads'),
        ('listen', '0005_persons'),
        ('listen', '0006_ask_register'),
        ('listen', '0007_decks'),
        ('listen', '0008_words'),
    ]

    initial = True

    dependencies = [
        ('people', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ColumnSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('network', models.TextField()),
                ('remote_id', models.TextField()),
                ('handle', models.TextField()),
                ('name', models.TextField()),
                ('avatar', models.TextField(blank=True, default='')),
                ('address', models.TextField(blank=True, default='')),
                ('secret', models.TextField(blank=True, default='')),
                ('connected_at', models.DateTimeField(null=True)),
                ('cursor', models.TextField(null=True)),
                ('archived_at', models.DateTimeField(null=True)),
                ('pulled_at', models.DateTimeField(null=True)),
                ('heard_at', models.DateTimeField(null=True)),
                ('rest_until', models.DateTimeField(null=True)),
                ('trouble', models.TextField(blank=True, default='')),
                ('failures', models.IntegerField(default=0)),
                ('warning', models.TextField(blank=True, default='')),
                ('streamed_at', models.DateTimeField(null=True)),
                ('lag_s', models.FloatField(null=True)),
                ('budget', models.BigIntegerField(null=True)),
                ('recheck_from', models.BigIntegerField(null=True)),
                ('recheck_at', models.DateTimeField(null=True)),
                ('team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.team')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('network', 'remote_id'), name='account_once')],
            },
        ),
        migrations.CreateModel(
            name='Coverage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('polled', models.IntegerField(default=0)),
                ('streamed', models.IntegerField(default=0)),
                ('pushed', models.IntegerField(default=0)),
                ('repaired', models.IntegerField(default=0)),
                ('listed', models.IntegerField(default=0)),
                ('seen', models.IntegerField(default=0)),
                ('missed_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listen.account')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'day'), name='coverage_once')],
            },
        ),
        migrations.CreateModel(
            name='Deck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('shared', models.TextField()),
                ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.team')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('owner__isnull', False), ('shared', 'own'), ('team', None)), models.Q(('shared', 'team'), ('team__isnull', False)), models.Q(('shared', 'all'), ('team', None)), _connector='OR'), name='deck_shared')],
            },
        ),
        migrations.CreateModel(
            name='Column',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('query', models.TextField()),
                ('position', models.IntegerField()),
                ('width', models.TextField(db_default='usual', default='usual')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deck', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='listen.deck')),
            ],
        ),
        migrations.CreateModel(
            name='Deletion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('network', models.TextField()),
                ('scope', models.BigIntegerField()),
                ('remote_id', models.TextField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('network', 'scope', 'remote_id'), name='deletion_once')],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('reference', models.TextField(blank=True, default='')),
                ('plan', models.TextField(blank=True, default='')),
                ('plan_until', models.DateTimeField(null=True)),
                ('source', models.TextField(blank=True, default='')),
                ('told_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('reference', ''), _negated=True), fields=('reference',), name='person_reference')],
            },
        ),
        migrations.CreateModel(
            name='Identity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('network', models.TextField()),
                ('remote_id', models.TextField()),
                ('handle', models.TextField()),
                ('name', models.TextField()),
                ('followers', models.IntegerField(null=True)),
                ('avatar', models.TextField(default='')),
                ('follows_us', models.BooleanField(null=True)),
                ('takes_messages', models.TextField(null=True)),
                ('ask_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listen.person')),
            ],
            options={
                'indexes': [models.Index(django.db.models.functions.comparison.Collate(django.db.models.functions.text.Lower('handle'), 'C'), models.F('id'), name='identity_by_handle'), models.Index(django.db.models.functions.comparison.Collate(django.db.models.functions.text.Lower('name'), 'C'), models.F('id'), name='identity_by_name')],
                'constraints': [models.UniqueConstraint(fields=('network', 'remote_id'), name='identity_once')],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('network', models.TextField()),
                ('scope', models.BigIntegerField()),
                ('remote_id', models.TextField()),
                ('room', models.TextField()),
                ('direction', models.TextField()),
                ('origin', models.TextField()),
                ('to_us', models.BooleanField()),
                ('text', models.TextField()),
                ('lang', models.TextField(null=True)),
                ('created_at', models.DateTimeField()),
                ('version_at', models.DateTimeField()),
                ('edited', models.BooleanField()),
                ('reply_to', models.TextField(null=True)),
                ('reply_to_author', models.TextField(null=True)),
                ('quote_of', models.TextField(null=True)),
                ('thread', models.TextField(null=True)),
                ('counterpart', models.TextField(null=True)),
                ('media', models.JSONField(null=True)),
                ('likes', models.IntegerField(default=0)),
                ('reposts', models.IntegerField(default=0)),
                ('deleted_at', models.DateTimeField(null=True)),
                ('closed', models.BooleanField(db_default=False)),
                ('url', models.TextField(db_default='')),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listen.account')),
                ('author', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listen.identity')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('deleted_at__isnull', False), models.Q(models.Q(('text', ''), _negated=True), ('media__isnull', False), _connector='OR')), fields=['id'], name='post_forgettable')],
                'constraints': [models.UniqueConstraint(fields=('network', 'scope', 'remote_id'), name='post_once'), models.CheckConstraint(condition=models.Q(('room__in', ['public', 'direct'])), name='post_room')],
            },
        ),
        migrations.CreateModel(
            name='Muted',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('network', models.TextField(default='')),
                ('thread', models.TextField(null=True)),
                ('name', models.TextField()),
                ('at', models.DateTimeField()),
                ('author', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listen.identity')),
                ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('column', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='listen.column')),
                ('deck', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='listen.deck')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('deck', 'column', 'author', 'network', 'thread'), name='muted_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('author__isnull', False), ('thread', None)), models.Q(('author', None), ('thread__isnull', False)), _connector='OR'), name='muted_one_thing')],
            },
        ),
        migrations.CreateModel(
            name='Linking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.TextField()),
                ('at', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('until_why', models.TextField(blank=True, default='')),
                ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('identity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listen.identity')),
                ('until_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listen.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('until', None)), fields=('identity',), name='linking_once')],
            },
        ),
        migrations.CreateModel(
            name='Unfinished',
            fields=[
                ('post', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='listen.post')),
                ('since', models.DateTimeField()),
                ('tries', models.IntegerField(default=0)),
                ('next_at', models.DateTimeField()),
                ('trouble', models.TextField(default='')),
            ],
            options={
                'indexes': [models.Index(fields=['next_at'], name='unfinished_due')],
            },
        ),
        migrations.CreateModel(
            name='Words',
            fields=[
                ('post', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='listen.post')),
                ('words', django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['words'], name='words_gin')],
            },
        ),
        migrations.CreateModel(
            name='Ignored',
            fields=[
                ('pk', models.CompositePrimaryKey('column_id', 'post_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('column', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='listen.column')),
                ('post', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listen.post')),
            ],
        ),
        migrations.CreateModel(
            name='ColumnPost',
            fields=[
                ('pk', models.CompositePrimaryKey('column_id', 'post_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('column', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='listen.column')),
                ('post', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listen.post')),
            ],
        ),
        migrations.CreateModel(
            name='PostVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version_at', models.DateTimeField()),
                ('text', models.TextField()),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listen.post')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('post', 'version_at'), name='version_once')],
            },
        ),
        migrations.CreateModel(
            name='Push',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('network', models.TextField()),
                ('received_at', models.DateTimeField()),
                ('body', models.BinaryField()),
                ('tries', models.IntegerField(default=0)),
                ('next_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['next_at'], name='push_due')],
            },
        ),
        migrations.CreateModel(
            name='RawPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('received_at', models.DateTimeField()),
                ('body', models.BinaryField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listen.account')),
            ],
        ),
        migrations.CreateModel(
            name='Reworded',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('post', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listen.post')),
            ],
        ),
        migrations.CreateModel(
            name='Signal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('network', models.TextField()),
                ('remote_id', models.TextField()),
                ('kind', models.TextField()),
                ('actor', models.TextField()),
                ('at', models.DateTimeField()),
                ('undone', models.BooleanField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('network', 'remote_id', 'kind', 'actor'), name='signal_once')],
            },
        ),
        migrations.CreateModel(
            name='Spend',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('act', models.TextField()),
                ('column_id', models.BigIntegerField(null=True)),
                ('case_id', models.BigIntegerField(null=True)),
                ('count', models.IntegerField()),
                ('micros', models.BigIntegerField()),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listen.account')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('case_id__isnull', False)), fields=['case_id'], name='spend_of_case'), models.Index(condition=models.Q(('column_id__isnull', False)), fields=['day'], name='spend_of_columns')],
                'constraints': [models.UniqueConstraint(fields=('account', 'day', 'act', 'column_id', 'case_id'), name='spend_once', nulls_distinct=False)],
            },
        ),
    ]
