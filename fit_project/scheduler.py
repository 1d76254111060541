"""The scheduler: django-celery-beat's, with a sign of life at each look at the clock."""

from django_celery_beat.schedulers import DatabaseScheduler

from organisations.probes import touch


class WatchedScheduler(DatabaseScheduler):
    def tick(self, *args, **kwargs):
        wait = super().tick(*args, **kwargs)
        touch("beat")
        return wait
