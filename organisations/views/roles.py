"""Who may do what, as roles.py has it: for everybody here to read."""

from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from organisations.access import requires
from organisations.models import Practitioner
from organisations.roles import Can, may

WORDS: dict[Can, Promise | str] = {
    Can.SEE_TODAY: _("See who comes today and who needs attention"),
    Can.VIEW_CLIENT: _("Read a client's curves, answers and own words"),
    Can.LIST_CLIENTS: _("See which clients there are: reference and team"),
    Can.EDIT_CLIENT: _("Add and change clients"),
    Can.MERGE_CLIENTS: _("Merge two records of one person, both of which one sees, and take that back"),
    Can.ASSIGN_TEAMS: _("Choose a client's teams"),
    Can.RECORD_SESSION: _("Hold sessions and write answers down"),
    Can.HANDLE_ALERT: _("Take note of alerts"),
    Can.MANAGE_PEOPLE: _("Manage people, teams and systems, and look through who has looked"),
    Can.IMPORT_SESSIONS: _("Import past sessions"),
    Can.SET_MEASURES: _("Set limits, and what to do in danger"),
    Can.MANAGE_PACKS: _("Import licensed wording of the forms"),
    Can.SEE_RESULTS: _("See results: practitioners of their own clients, administrators as figures without clients"),
    Can.EXPORT_RESULTS: _("Take results out as a file, without clients"),
    Can.REPORT_RESULTS: _("Make a report of results, without clients"),
    Can.READ_HANDBOOK: _("Read the FIT handbook"),
    Can.EDIT_HANDBOOK: _("Write in the FIT handbook: own chapters, scripts and films"),
    Can.SUPPORT_STAFF: _("See what colleagues have learnt and tried, and name the FIT resource person"),
    Can.READ_OPENED_CASES: _("Read cases that are opened to oneself, without names, and answer questions about them"),
    Can.EDIT_REGISTER: _("Import the register of services, and take it out again"),
    Can.READ_STUDIES: _("Read about studies, and enrol clients that one sees"),
    Can.MANAGE_STUDIES: _("Plan, open and close studies"),
    Can.CONFIRM_EXPORTS: _("Agree that data of a study leave"),
    Can.ERASE_CLIENTS: _("Confirm that records whose time is over are erased, and keep records all the same"),
    Can.CONFIRM_TOKENS: _("Confirm that another system reads clients"),
}


@require_safe
@requires()
def roles_page(request):
    """Every verb with the roles that may do it; what a system's token may is said below the table."""
    roles = Practitioner._meta.get_field("role").choices or []
    rows = [(WORDS[verb], [(label, may(role, verb)) for role, label in roles]) for verb in Can]
    context = {"roles": [label for _role, label in roles], "rows": rows}
    return TemplateResponse(request, "organisations/roles.html", context)
