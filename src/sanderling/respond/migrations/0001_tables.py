import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from sanderling.store.sql import statement


def grow_likeness(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Where the database has pgvector; elsewhere the worker asks again, and the doctor says so."""
    editor.execute(statement("respond/grow_likeness"))


class Migration(migrations.Migration):

    replaces = [
        ('respond', '0001_initial'),
        ('respond', '0002_approvals'),
        ('respond', '0003_suggestions'),
        ('respond', '0004_not_sent'),
    ]

    initial = True

    dependencies = [
        ('cases', '0001_tables'),
        ('listen', '0001_tables'),
        ('people', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Outgoing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.TextField()),
                ('room', models.TextField()),
                ('text', models.TextField()),
                ('reply_to', models.TextField(null=True)),
                ('to', models.TextField()),
                ('key', models.UUIDField(unique=True)),
                ('then', models.TextField()),
                ('created_at', models.DateTimeField()),
                ('leaves_at', models.DateTimeField()),
                ('wake_at', models.DateTimeField(null=True)),
                ('tries', models.IntegerField(default=0)),
                ('trouble', models.TextField(blank=True, default='')),
                ('seen', models.BigIntegerField(db_default=0, default=0)),
                ('held_for', models.TextField(blank=True, db_default='', default='')),
                ('invites', models.BooleanField(db_default=False, default=False)),
                ('whole', models.UUIDField(null=True)),
                ('part', models.SmallIntegerField(db_default=1, default=1)),
                ('parts', models.SmallIntegerField(db_default=1, default=1)),
                ('confirmed', models.JSONField(db_default=[], default=list)),
                ('policy', models.IntegerField(db_default=0, default=0)),
                ('media', models.JSONField(db_default=[], default=list)),
                ('helper', models.TextField(blank=True, db_default='', default='')),
                ('remote_id', models.TextField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listen.account')),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('edited_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['failed', 'unsure'])), fields=['created_at', 'id'], name='outgoing_not_sent'), models.Index(condition=models.Q(('state__in', ['queued', 'sending', 'unsure'])), fields=['wake_at'], name='outgoing_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('room__in', ['public', 'direct'])), name='outgoing_room'), models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'held', 'withdrawn', 'sending', 'sent', 'failed', 'unsure'])), name='outgoing_state'), models.CheckConstraint(condition=models.Q(('held_for__in', ['', 'approval', 'news'])), name='outgoing_held_for')],
            },
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.TextField()),
                ('policy', models.IntegerField()),
                ('reason', models.TextField()),
                ('approvers', models.TextField()),
                ('was', models.TextField()),
                ('asked_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(null=True)),
                ('holding', models.TextField(blank=True, default='')),
                ('decision', models.TextField(blank=True, default='')),
                ('decided_at', models.DateTimeField(null=True)),
                ('note', models.TextField(blank=True, default='')),
                ('decided_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('outgoing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='respond.outgoing')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('decision', '')), fields=['expires_at', 'id'], name='approval_waits')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('decision', '')), fields=('outgoing',), name='approval_open'), models.CheckConstraint(condition=models.Q(('decision__in', ['', 'approved', 'sent back', 'withdrawn', 'expired'])), name='approval_decision')],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('room', models.TextField()),
                ('text', models.TextField()),
                ('saved_at', models.DateTimeField()),
                ('agent', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'agent', 'room'), name='draft_once')],
            },
        ),
        migrations.CreateModel(
            name='HelperLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.BinaryField(unique=True)),
                ('name', models.TextField()),
                ('initials', models.CharField(max_length=4)),
                ('question', models.TextField()),
                ('at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('seen_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
            ],
        ),
        migrations.CreateModel(
            name='Picture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('room', models.TextField()),
                ('type', models.TextField()),
                ('bytes', models.BinaryField()),
                ('alt', models.TextField(blank=True, default='')),
                ('width', models.IntegerField()),
                ('height', models.IntegerField()),
                ('at', models.DateTimeField()),
                ('agent', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('outgoing', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='respond.outgoing')),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='picture_age')],
                'constraints': [models.CheckConstraint(condition=models.Q(('room__in', ['public', 'direct'])), name='picture_room')],
            },
        ),
        migrations.CreateModel(
            name='Template',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('text', models.TextField()),
                ('room', models.TextField(blank=True, default='')),
                ('lang', models.TextField(blank=True, default='')),
                ('kind', models.TextField(blank=True, default='')),
                ('at', models.DateTimeField()),
                ('used', models.IntegerField(default=0)),
                ('archived_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.team')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('archived_at', None)), fields=('name',), name='template_name')],
            },
        ),
        migrations.CreateModel(
            name='Answered',
            fields=[
                ('outgoing', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='respond.outgoing')),
                ('room', models.TextField()),
                ('lang', models.TextField(blank=True, default='')),
                ('at', models.DateTimeField()),
                ('answer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listen.post')),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('question', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listen.post')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('room__in', ['public', 'direct'])), name='answered_room')],
            },
        ),
        migrations.RunPython(grow_likeness, migrations.RunPython.noop),
    ]
