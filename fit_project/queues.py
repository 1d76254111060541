"""The queues of the job queue: what somebody waits for never stands behind what takes long.

A worker without `-Q` takes both, and looks into the first one first; two workers, `-Q celery` and `-Q long`, keep them
apart (docker-compose.yml).
"""

from kombu import Queue

PROMPT = "celery"  # Celery's own name for what is named nowhere: alerts, mails, the clock's short jobs
LONG = "long"
QUEUES = (Queue(PROMPT), Queue(LONG))  # in the order in which they are looked into
# Each of these may take minutes, or comes by the hundred at once.
TAKES_LONG = (
    "organisations.tasks.make_organisation_copy",
    "reports.periodic.count_use",
    "reports.periodic.make_results_reports",
    "reports.tasks.make_record_file",
    "reports.tasks.make_study_export",
    "sessions_app.periodic.draw_look_samples",
    "sessions_app.periodic.erase_confirmed",
    "sessions_app.periodic.follow_tones_anew",
    "sessions_app.periodic.refit_trajectories",
    "sessions_app.tasks.follow_standards",
    "sessions_app.tasks.read_sheet_photo",
    "sessions_app.tasks.run_import",
)
ROUTES = {task: {"queue": LONG} for task in TAKES_LONG}


def worker_name(queues: set[str]) -> str:
    """What a worker that takes these queues is called by its signs of life and `manage.py healthy`."""
    return {frozenset({PROMPT}): "worker-prompt", frozenset({LONG}): "worker-long"}.get(frozenset(queues), "worker")
