"""Which parts answer, in plain words, for anybody; and the same as JSON. Answered before a session is asked for."""

from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.http import require_safe

from organisations.access import public
from organisations.monitoring import parts
from organisations.monitoring.notices import notices_to_show


@public
@require_safe
def status(request):
    """The page, in the browser's language. It holds nothing of anybody and may be kept for as long as the look."""
    with translation.override(translation.get_language_from_request(request)):
        language = translation.get_language()
        look = parts.look()
        notices = [(one, one.text_in(language)) for one in _notices(look)]
        answer = HttpResponse(render_to_string("organisations/status.html", {"look": look, "notices": notices}))
        answer["Content-Language"] = language
    return answer


@public
@require_safe
def status_json(request):
    """The same for a program; 200 also where a part does not answer: `all_answer` says it."""
    look = parts.look()
    told = {
        "at": look.at,
        "all_answer": look.all_answer,
        "parts": [{"name": part.key, "answers": part.answers, "since": part.since} for part in look.parts],
        "mail_last_left_at": look.mail_at,
        "backup_last_made_at": look.backup_at,
        "maintenance": [
            {"starts_at": one.starts_at, "ends_at": one.ends_at, "text": one.text_en} for one in _notices(look)
        ],
    }
    return JsonResponse(told)


def _notices(look: parts.PartsAnswer) -> list:
    database = next(part for part in look.parts if part.key == parts.DATABASE)
    return notices_to_show(look.at) if database.answers else []
