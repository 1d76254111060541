"""Who may do what, as roles.py has it: for everybody here to read."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from organisations.access import requires
from organisations.forms.roles import EmergencyHoursForm, RightForm
from organisations.models import Practitioner
from organisations.roles import NARROWABLE, Can, is_narrowed, may
from organisations.services.roles import changes_of_rights, set_emergency_hours, set_right
from organisations.views.form_pages import form_page

WORDS: dict[Can, Promise | str] = {
    Can.SEE_TODAY: _("See who comes today and who needs attention"),
    Can.VIEW_CLIENT: _("Read a client's curves and answers"),
    Can.READ_WORDS: _("Read a client's own words"),
    Can.LIST_CLIENTS: _("See which clients there are: reference and team"),
    Can.EDIT_CLIENT: _("Add and change clients"),
    Can.END_EPISODE: _("End an episode"),
    Can.EXPORT_RECORD: _("Take a client's record out as a file"),
    Can.PROTECT_CLIENT: _("Block a client for other units, and mark that nobody may tell where they are"),
    Can.OPEN_EMERGENCY: _("Open a client whom one does not see, in an emergency"),
    Can.REVIEW_EMERGENCIES: _("Look at who was opened in an emergency: administrators without the client"),
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
    Can.SEE_REQUESTS: _("See which requests about their data clients have made, by reference"),
    Can.ANSWER_REQUESTS: _("Answer those requests, use nothing of a client for now, and give everything out"),
    Can.ERASE_CLIENTS: _("Confirm that records whose time is over are erased, and keep records all the same"),
    Can.CONFIRM_TOKENS: _("Confirm that another system reads clients"),
}


@require_safe
@requires()
def roles_page(request):
    """Every verb with the roles that may do it; what a system's token may is said below the table."""
    hours = request.practitioner.organisation.emergency_hours
    return _page(request, EmergencyHoursForm(initial={"emergency_hours": hours}))


@require_POST
@requires(Can.MANAGE_PEOPLE)
def role_right(request):
    """Take a right from a role, or give it back."""
    form = RightForm(request.POST)
    if form.carry_out(set_right, by=request.practitioner):
        messages.success(
            request, _("Allowed again.") if form.cleaned_data["is_allowed"] else _("Not allowed any more.")
        )
    else:
        messages.error(request, _("That cannot be changed here."))
    return redirect("roles")


@require_POST
@requires(Can.MANAGE_PEOPLE)
def emergency_hours(request):
    """For how long a client stays open in an emergency."""
    form = EmergencyHoursForm(request.POST)
    if form.carry_out(set_emergency_hours, by=request.practitioner):
        messages.success(request, _("Saved."))
        return redirect("roles")
    return _page(request, form)


def _page(request, form):
    by, roles = request.practitioner, Practitioner._meta.get_field("role").choices or []
    narrowed = by.organisation.narrowed
    rows = [(WORDS[verb], verb, [_granted(role, label, verb, narrowed) for role, label in roles]) for verb in Can]
    context = {"roles": [label for _role, label in roles], "rows": rows, "hours": by.organisation.emergency_hours}
    if by.can(Can.MANAGE_PEOPLE):
        labels = dict(roles)
        changes = changes_of_rights(by)
        context["changes"] = [(one, labels[one.role], WORDS[one.verb]) for one in changes]
        context["may_change"] = True
    return form_page(request, "organisations/roles.html", form, **context)


def _granted(role, label, verb, narrowed):
    """How it stands for one role: whether it may, and whether the organisation can change that."""
    is_framed, is_taken = may(role, verb), is_narrowed(role, verb, narrowed)
    return {
        "role": role,
        "label": label,
        "may": is_framed and not is_taken,
        "is_taken": is_framed and is_taken,
        "is_open": is_framed and verb in NARROWABLE,
    }
