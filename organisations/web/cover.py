"""A page that a client looks at too covers the staff's pages until somebody uncovers them, whichever way led there."""

from django.contrib.sessions.backends.base import SessionBase
from django.template.response import TemplateResponse

from organisations.web.middleware import Around

COVERED = "covered"  # in the session: a page was opened for the client's eyes and not closed with its button


def cover(session: SessionBase) -> None:
    """From now on a page of the staff shows nothing until it is uncovered."""
    if COVERED not in session:  # else each look would write the session
        session[COVERED] = True


def uncover(session: SessionBase) -> None:
    """The staff's pages are shown again."""
    session.pop(COVERED, None)


class CoverMiddleware(Around):
    """The browser's Back, a bookmark or another window shows the cover while a client looks at the screen.

    Only pages are covered: what a page asks for itself, and what is sent, goes on.
    """

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not getattr(view, "login_required", True) or not hasattr(view, "requires"):
            return None
        if getattr(view, "for_client_eyes", False) or request.method not in ("GET", "HEAD"):
            return None
        if "text/html" not in request.headers.get("Accept", "text/html") or COVERED not in request.session:
            return None
        return TemplateResponse(request, "organisations/covered.html", {"back": request.get_full_path()})
