"""The curve as a picture of its own: SVG at once, PNG by a job."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from organisations.access import requires
from organisations.roles import Can
from reports.charts.standalone import standalone_svg
from reports.pdf.document import set_png
from reports.record.content import RecordContent
from reports.record.file_names import attachment, file_name
from reports.record.read import read_asked
from reports.record.staff_document import head_of


@require_safe
@requires(Can.EXPORT_RECORD)
def record_svg(request, episode_id):
    """The latest curve of the period; 404 where nothing was measured in it."""
    content = read_asked(request, episode_id, "record.picture")
    if not content.courses:
        raise Http404
    name = file_name(head_of(content), "", "svg")
    return attachment(HttpResponse(curve_svg(content), content_type="image/svg+xml"), name)


def curve_svg(content: RecordContent) -> str:
    """The latest curve with its legend and what is compared with it, the reference above, what it is filed by below."""
    head, course = head_of(content), content.courses[-1]
    below, foot = content.compared, (head.line,)
    return standalone_svg(course.chart, title=head.reference, foot=foot, with_srs=course.with_srs, compared=below)


def curve_png(content: RecordContent) -> bytes:
    """The same, two pixels for one of the drawing."""
    return set_png(curve_svg(content))
