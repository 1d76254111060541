"""A study's data as a file: how a worker makes it, and how whoever asked for it fetches it."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from organisations.access import requires
from organisations.database.replica import read_on_replica
from organisations.roles import Can
from reports.exports.research_zip import research_zip
from reports.record.file_names import attachment
from reports.research.dataset import build_dataset
from sessions_app.models import StudyExport
from sessions_app.services.study_exports import MadeExport, take_export


@require_safe
@requires(Can.MANAGE_STUDIES)
@reauthentication_required(app="organisations")
def research_file(request, study_export_id):
    """The file, for a week, to whoever asked for it and has just confirmed who they are; else its page says why not."""
    found = StudyExport.objects.visible_to(request.practitioner).select_related("study")
    export = get_object_or_404(found, pk=study_export_id)
    try:
        content = take_export(export=export, by=request.practitioner)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("study-export", export.pk)
    return attachment(HttpResponse(content, content_type="application/zip"), export.file_name)


def make(export: StudyExport) -> MadeExport:
    """Make the file in the language it was asked for in. CannotBeMade where nothing may leave."""
    with override(export.language):
        # Whole: a consent that was withdrawn before is seen.
        dataset, clients = read_on_replica(lambda _as_of: build_dataset(export), whole=True)
        content = research_zip(dataset)
        # A number of the study's own exports: neither a name of somebody nor a day.
        number = export.study.exports.filter(asked_at__lte=export.asked_at).count()
        name = _("study-%(number)s.zip") % {"number": number}
        return MadeExport(content, name, dataset.report, frozenset(clients))
