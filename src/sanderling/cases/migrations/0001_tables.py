import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TRIGGER = """
create trigger only_added before update or delete on cases_clockfact
for each statement execute function store_only_added()
"""


class Migration(migrations.Migration):

    replaces = [
        ('cases', '0001_initial'),
        ('cases', '0002_arc'),
        ('cases', '0003_ownership_and_clocks'),
        ('cases', '0004_only_added'),
        ('cases', '0005_views'),
    ]

    initial = True

    dependencies = [
        ('store', '0001_tables'),
        ('listen', '0001_tables'),
        ('people', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('pk', models.CompositePrimaryKey('state', 'owner', 'team', 'snoozed', 'slot', blank=True, editable=False, primary_key=True, serialize=False)),
                ('state', models.TextField()),
                ('owner', models.BigIntegerField()),
                ('team', models.BigIntegerField(db_default=0)),
                ('snoozed', models.BooleanField()),
                ('slot', models.SmallIntegerField()),
                ('n', models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Cause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('archived_at', models.DateTimeField(null=True)),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.cause')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('parent', 'name'), name='cause_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.TextField()),
                ('owned_at', models.DateTimeField(null=True)),
                ('policy', models.IntegerField(db_default=0, default=0)),
                ('route', models.TextField(blank=True, db_default='', default='')),
                ('skills', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), db_default=[], default=list, size=None)),
                ('waits_on', models.TextField(blank=True, db_default='', default='')),
                ('invited_at', models.DateTimeField(null=True)),
                ('came_at', models.DateTimeField(null=True)),
                ('owed_at', models.DateTimeField(null=True)),
                ('followed_at', models.DateTimeField(null=True)),
                ('outcome', models.TextField(blank=True, db_default='', default='')),
                ('title', models.TextField()),
                ('kind', models.TextField()),
                ('tone', models.SmallIntegerField()),
                ('urgency', models.SmallIntegerField()),
                ('arc', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(null=True), db_default=[], default=list, size=None)),
                ('swing', models.TextField(blank=True, db_default='', default='')),
                ('swung_at', models.DateTimeField(null=True)),
                ('reasons', models.JSONField(db_default=[], default=list)),
                ('reach', models.IntegerField()),
                ('opened_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('due_kind', models.TextField()),
                ('snoozed', models.BooleanField(default=False)),
                ('wake_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('about_post', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listen.post')),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listen.account')),
                ('last_owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('merged_into', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('requester', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listen.identity')),
                ('team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.team')),
                ('cause', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.cause')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('snoozed', False), ('state__in', ('new', 'open'))), fields=['due_at', 'id'], name='case_team'), models.Index(condition=models.Q(('snoozed', False), ('state__in', ('new', 'open'))), fields=['owner', 'due_at', 'id'], name='case_owner'), models.Index(condition=models.Q(('snoozed', False), ('state', 'waiting')), fields=['last_at', 'id'], name='case_waiting'), models.Index(condition=models.Q(('snoozed', True)), fields=['wake_at', 'id'], name='case_snoozed'), models.Index(condition=models.Q(('wake_at__isnull', False)), fields=['wake_at', 'id'], name='case_wake'), models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='case_merged'), models.Index(condition=models.Q(('swung_at__isnull', False)), fields=['swing', 'swung_at'], name='case_swing'), models.Index(condition=models.Q(('came_at', None), ('invited_at__isnull', False)), fields=['invited_at', 'id'], name='case_invited'), models.Index(condition=models.Q(('followed_at', None), ('owed_at__isnull', False)), fields=['owed_at', 'id'], name='case_owed'), models.Index(fields=['requester', 'id'], name='case_of_requester')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['new', 'open', 'waiting', 'withdrawn', 'resolved', 'closed', 'merged'])), name='case_state'), models.CheckConstraint(condition=models.Q(('waits_on__in', ['', 'colleague', 'third party'])), name='case_waits_on'), models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'solved', 'told we cannot', 'no answer', 'never came'])), name='case_outcome')],
            },
        ),
        migrations.CreateModel(
            name='Clock',
            fields=[
                ('pk', models.CompositePrimaryKey('case_id', 'turn_id', 'kind', blank=True, editable=False, primary_key=True, serialize=False)),
                ('kind', models.TextField()),
                ('started_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('policy', models.IntegerField()),
                ('rule', models.TextField(blank=True, db_default='', default='')),
                ('hours', models.TextField(blank=True, db_default='', default='')),
                ('budget', models.DurationField(null=True)),
                ('next_at', models.DateTimeField(null=True)),
                ('warned_at', models.DateTimeField(null=True)),
                ('broken_at', models.DateTimeField(null=True)),
                ('met_at', models.DateTimeField(null=True)),
                ('void_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('turn', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listen.post')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('next_at__isnull', False)), fields=['next_at'], name='clock_next')],
            },
        ),
        migrations.CreateModel(
            name='ClockFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.TextField()),
                ('fact', models.TextField()),
                ('at', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
                ('policy', models.IntegerField()),
                ('rule', models.TextField(blank=True, default='')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('turn', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listen.post')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('fact__in', ['warned', 'broken'])), fields=['-id'], name='clockfact_alerts')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('fact__in', ['warned', 'broken'])), fields=('case', 'turn', 'kind', 'fact', 'due_at'), name='clockfact_once')],
            },
        ),
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.TextField()),
                ('state', models.TextField()),
                ('at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('why', models.TextField(blank=True, default='')),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('decided_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('to', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('to_team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.team')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'offered')), fields=['to', 'to_team'], name='handover_offered')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'offered')), fields=('case',), name='handover_open'), models.CheckConstraint(condition=models.Q(('state__in', ['offered', 'accepted', 'declined', 'withdrawn'])), name='handover_state'), models.CheckConstraint(condition=models.Q(('to__isnull', False), ('to_team__isnull', False), _connector='OR'), name='handover_to')],
            },
        ),
        migrations.CreateModel(
            name='Here',
            fields=[
                ('pk', models.CompositePrimaryKey('case_id', 'agent_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('doing', models.TextField()),
                ('at', models.DateTimeField()),
                ('agent', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
            ],
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.TextField()),
                ('at', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('one', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('until_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('until', None)), fields=('one', 'other'), name='link_once'), models.CheckConstraint(condition=models.Q(('one__lt', models.F('other'))), name='link_order')],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
            ],
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_at', models.DateTimeField(null=True)),
                ('agent', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('note', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.note')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('seen_at', None)), fields=['agent'], name='mention_unseen')],
                'constraints': [models.UniqueConstraint(fields=('note', 'agent'), name='mention_once')],
            },
        ),
        migrations.CreateModel(
            name='Orphan',
            fields=[
                ('post', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='listen.post')),
                ('network', models.TextField()),
                ('parent', models.TextField()),
            ],
            options={
                'indexes': [models.Index(fields=['network', 'parent'], name='orphan_parent')],
            },
        ),
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('post', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='listen.post')),
                ('role', models.TextField()),
                ('room', models.TextField()),
                ('at', models.DateTimeField()),
                ('needs', models.SmallIntegerField()),
                ('ends', models.BooleanField()),
                ('gone', models.BooleanField()),
                ('starts', models.BooleanField()),
                ('settled', models.BooleanField(default=False)),
                ('names', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('account', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listen.account')),
                ('case', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('customer', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listen.identity')),
            ],
            options={
                'indexes': [models.Index(fields=['account', 'customer', 'at'], name='placement_of_customer')],
            },
        ),
        migrations.CreateModel(
            name='Promise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('due_at', models.DateTimeField()),
                ('at', models.DateTimeField()),
                ('kept_at', models.DateTimeField(null=True)),
                ('dropped_at', models.DateTimeField(null=True)),
                ('dropped_why', models.TextField(blank=True, default='')),
                ('warned_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('dropped_at', None), ('kept_at', None)), fields=['due_at', 'id'], name='promise_due')],
            },
        ),
        migrations.CreateModel(
            name='ShiftChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.TextField()),
                ('items', models.JSONField()),
                ('at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.team')),
                ('to', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='View',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('query', models.TextField()),
                ('queue', models.TextField(blank=True, default='')),
                ('shared', models.TextField(blank=True, default='')),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.team')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('shared', 'team'), ('team__isnull', False)), models.Q(('shared__in', ['', 'all']), ('team', None)), _connector='OR'), name='view_shared')],
            },
        ),
        migrations.CreateModel(
            name='Ask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.TextField()),
                ('at', models.DateTimeField()),
                ('remind_at', models.DateTimeField(null=True)),
                ('reminded', models.SmallIntegerField(default=0)),
                ('answer', models.TextField(blank=True, default='')),
                ('answered_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('to', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('answered_at', None), ('withdrawn_at', None)), fields=['to', 'at'], name='ask_open'), models.Index(condition=models.Q(('remind_at__isnull', False)), fields=['remind_at'], name='ask_remind')],
            },
        ),
        # What happened to a clock is only added, never changed.
        migrations.RunSQL(TRIGGER, "drop trigger only_added on cases_clockfact"),
    ]
