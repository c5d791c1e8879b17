"""When the sender has something to do next: what the tests of the outbox wait for."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection

# Posts that wait for an earlier one in their room have nothing to do yet.
NEXT = """
select min(o.wake_at) from respond_outgoing o
where o.state in ('queued', 'sending', 'unsure') and not (o.state = 'queued' and exists (
    select from respond_outgoing first
    where first.case_id = o.case_id and first.room = o.room and first.id < o.id
        and first.state in ('queued', 'sending', 'unsure', 'held', 'failed')
))
"""


def next_wake():
    """The time of the next thing to do; None while nothing is under way."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT)
        return cursor.fetchone()[0]


UNDO = timedelta(seconds=8)
"""How long an answer can be taken back, by the policy that ships."""

NEWEST = 2**62
"""What an agent has seen who has seen everything: for tests that are not about the interlock."""
