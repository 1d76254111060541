"""QUEUES: seconds from an answer to its alert while a thousand files are asked for, against the same with none.

A real broker, a relay, and the two workers of docker-compose.yml. The files are of records that are large enough that
they take the long queue's worker the whole time; where it is idle before the end the run is void.
"""

import os
import statistics
import time
import uuid
from collections.abc import Iterator

from bench.drills.answering import post
from bench.drills.people import make_organisation, open_forms
from bench.figures import Figure
from bench.running import Running, running
from fit_project.queues import LONG, PROMPT

FILES, ANSWERS = int(os.environ.get("BENCH_FILES") or 1000), 10
SESSIONS = 4
PATIENCE = 120.0


def measure() -> Iterator[Figure]:
    with running(("broker", "web", "relay")) as whole:
        for queue in (PROMPT, LONG):
            whole.start_worker(queue)
        organisation, person = make_organisation("queues")
        forms = open_forms(organisation, person, 2 * ANSWERS, SESSIONS)
        first = [forms[place * SESSIONS : (place + 1) * SESSIONS] for place in range(2 * ANSWERS)]
        alone = [_until_evaluated(whole, client) for client in first[:ANSWERS]]
        _ask_for_files(organisation, person)
        beside = [_until_evaluated(whole, client) for client in first[ANSWERS:]]
        waiting = _files_waiting()
    if not waiting:
        raise RuntimeError("every file was made before the last alert: the run is void")
    median = statistics.median(alone)
    notes = (
        f"{median:.2f} s alone, {statistics.median(beside):.2f} s (longest {max(beside):.2f}) with {waiting} waiting"
    )
    words = f"seconds from an answer to its alerts, {FILES} files asked for / none"
    yield Figure("QUEUES", words, tuple(one / median for one in beside), 2, 4, more=False, notes=notes)


def _until_evaluated(whole: Running, forms: list[tuple[str, str, tuple[str, ...]]]) -> float:
    """Answer one client's forms; seconds from the last until the job that looks for alerts is done."""
    from organisations.models import Outbox

    for session, token, items in forms:
        fields = dict.fromkeys(items, "5.0") | {"submission_id": str(uuid.uuid5(uuid.NAMESPACE_OID, session))}
        answer = post(whole.port, f"/f/{token}/", fields)
        if answer.status != 303:
            raise RuntimeError(f"an answer was answered {answer.status}: the run is void")
    start = time.monotonic()
    while Outbox.objects.filter(done_at=None, task="sessions_app.tasks.evaluate_episode").exists():
        if time.monotonic() - start > PATIENCE:
            raise RuntimeError("no alert came: the run is void")
        time.sleep(0.02)
    return time.monotonic() - start


def _ask_for_files(organisation, person) -> None:
    """Everything of an episode, over and over: past the page's limit of a few for each person."""
    from clients.models import Episode
    from organisations.jobs.outbox import ask_for
    from organisations.tenancy.context import tenant
    from sessions_app.models import RecordFile, RecordFileKind
    from sessions_app.services.record_files import AT_THE_END, MAKE_FILE

    facts = {"organisation": organisation, "asked_by": person, "kind": RecordFileKind.EPISODE}
    choice = {"language": "en", AT_THE_END: True}
    with tenant(organisation.pk):
        episodes = list(Episode.objects.all())
        for number in range(FILES):
            episode = episodes[number % len(episodes)]
            file = RecordFile.objects.create(episode=episode, choice=choice, **facts)
            ask_for(MAKE_FILE, organisation_id=organisation.pk, object_id=file.pk)


def _files_waiting() -> int:
    from organisations.models import Outbox

    return Outbox.objects.filter(done_at=None, task="reports.tasks.make_record_file").count()
