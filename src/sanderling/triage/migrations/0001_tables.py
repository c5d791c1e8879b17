import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('triage', '0001_initial'),
        ('triage', '0002_second_look_and_corrections'),
    ]

    initial = True

    dependencies = [
        ('listen', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Layer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField()),
                ('base', models.TextField()),
                ('weights', models.BinaryField()),
                ('figures', models.JSONField()),
                ('note', models.TextField(blank=True, default='')),
                ('live', models.BooleanField(default=False)),
                ('live_from', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('live', True)), fields=('live',), name='layer_one_live'), models.CheckConstraint(condition=models.Q(('live', False), ('live_from__isnull', False), _connector='OR'), name='layer_live_from')],
            },
        ),
        migrations.CreateModel(
            name='Look',
            fields=[
                ('post', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='listen.post')),
                ('asked_at', models.DateTimeField()),
                ('because', models.TextField()),
            ],
            options={
                'indexes': [models.Index(fields=['because', '-asked_at'], name='look_next')],
            },
        ),
        migrations.CreateModel(
            name='Verdict',
            fields=[
                ('post', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='listen.post')),
                ('needs_us', models.BooleanField()),
                ('kind', models.TextField()),
                ('tone', models.SmallIntegerField()),
                ('urgency', models.SmallIntegerField()),
                ('lang', models.TextField()),
                ('reasons', models.JSONField()),
                ('judge', models.TextField()),
                ('heat', models.FloatField(null=True)),
                ('flags', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), db_default=[], default=list, size=None)),
                ('odds', models.JSONField(null=True)),
                ('unsure', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), db_default=[], default=list, size=None)),
                ('topic', models.BigIntegerField(null=True)),
                ('copy_of', models.BigIntegerField(null=True)),
                ('policy', models.IntegerField(null=True)),
                ('corrected', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), db_default=[], default=list, size=None)),
                ('version_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('copy_of__isnull', False)), fields=['copy_of'], name='verdict_copies'), models.Index(condition=models.Q(('topic__isnull', False)), fields=['topic'], name='verdict_topic')],
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version_at', models.DateTimeField()),
                ('aspect', models.TextField()),
                ('was', models.TextField()),
                ('now', models.TextField()),
                ('why', models.TextField(blank=True, default='')),
                ('at', models.DateTimeField()),
                ('judge', models.TextField()),
                ('network', models.TextField()),
                ('lang', models.TextField()),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='listen.post')),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='correction_at')],
            },
        ),
        migrations.CreateModel(
            name='Topic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.TextField()),
                ('words', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), db_default=[], default=list, size=None)),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='triage.topic')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('parent', 'name'), name='topic_once', nulls_distinct=False)],
            },
        ),
    ]
