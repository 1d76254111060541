"""The scheduler: django-celery-beat's, with the apps' own schedule and a sign of life at each look at the clock."""

from django_celery_beat.schedulers import DatabaseScheduler

from organisations.database.role import refuse_to_start
from organisations.jobs.periodic import SCHEDULE
from organisations.web.heartbeat import touch


class WatchedScheduler(DatabaseScheduler):
    def setup_schedule(self):
        """Copy what the apps' periodic.py say into the scheduler's tables: by then all of them are imported.

        Celery's signal of beat's start comes after this, so the role of the database is looked at here.
        """
        refuse_to_start()
        self.app.conf.beat_schedule = dict(SCHEDULE)
        super().setup_schedule()

    def tick(self, *args, **kwargs):
        wait = super().tick(*args, **kwargs)
        touch("beat")
        return wait
