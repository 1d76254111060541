"""Somebody's own files of an episode, made or being made within the last hour."""

from typing import Any

from clients.models import Episode
from organisations.models import Practitioner
from sessions_app.models import RecordFile, RecordFileStep
from sessions_app.services import record_files


def own_files(by: Practitioner, episode: Episode, *kinds: str) -> dict[str, Any]:
    """What the template of the files shows, the newest first: of these kinds, without any of all; one query."""
    found = RecordFile.objects.visible_to(by).filter(episode=episode).without_content()
    if kinds:
        found = found.filter(kind__in=kinds)
    files = [
        {
            "file": file,
            "percent": record_files.percent_done(file),
            "late": record_files.is_late(file),
            "goes_at": record_files.goes_at(file),
        }
        for file in found.order_by("-created_at")[:20]
    ]
    return {"files": files, "running": any(row["file"].step == RecordFileStep.MAKING for row in files)}
