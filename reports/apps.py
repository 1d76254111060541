"""App: what is shown."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# The paragraph of the handbook that a page's help leads to, by the page's route.
HELP = {
    "today": "page-today",
    "client-courses": "page-client",
    "plan-evaluation-new": "page-evaluation",
    "plan-evaluation": "page-evaluation",
    "record": "page-record",
    "client-changes": "who-sees",
    "client-rights": "who-sees",
    "subject-export": "who-sees",
    "supervision-of": "page-supervision",
    "client-detail": "page-client",
    "session-result": "result",
    "results": "page-results",
    "results-evidence": "numbers",
    "results-reports": "page-results",
    "fit-in-use": "page-fit-in-use",
    "spread": "page-spread",
    "people-file": "page-people",
    "people-file-send": "page-people",
    "register-files": "page-spread",
    "register-file": "page-spread",
    "expected-course": "numbers",
    "expected-course-versions": "numbers",
    "shared-courses": "numbers",
    "supervision": "page-supervision",
    "development": "page-supervision",
    "development-of": "page-supervision",
    "team-people": "page-questions",
    "first-steps": "new",
    "who-sees-what": "who-sees",
    "breach": "who-sees",
    "data-protection": "who-sees",
    "study-exports": "page-studies",
    "study-export-new": "page-studies",
    "study-export": "page-studies",
    "study": "page-studies",
}

# What somebody did, in the words of the access log.
ACTIONS = {
    "client.changes": _("Looked up what was changed"),
    "results": _("Looked at results"),
    "development": _("Looked at figures of one's own work"),
    "results.export": _("Took results out as a file"),
    "results.report": _("Made a report of results"),
    "results.schedule": _("Chose how often a report of results comes"),
    "results.report_taken": _("Took a kept report of results"),
    "results.report_removed": _("Removed a kept report of results"),
    "shared_course.publish": _("Published an expected course"),
    "shared_course.take_in": _("Took in an expected course of others"),
    "shared_course.put_aside": _("Put an expected course of others aside"),
    "shared_course.use_again": _("Used an expected course of others again"),
    "fit_in_use": _("Looked at how FIT is used"),
    "fit_in_use.export": _("Took figures of how FIT is used out as a file"),
    "breach.trace": _("Looked up whose data a breach touched"),
    "breach.export": _("Took whose data a breach touched out as a file"),
    "licence_seats.export": _("Took licences and seats out as a file"),
    "who_sees_what.export": _("Took who can see what out as a file"),
    "study.export_asked": _("Asked for the data of a study"),
    "study.export_allowed": _("Let the data of a study leave"),
    "study.export_refused": _("Did not let the data of a study leave"),
    "study.export_made": _("Made a file with coded data of a study"),
    "study.export_taken": _("Took coded data of a study out as a file"),
    "study.export_removed": _("Removed a file with data of a study"),
    "subject.review": _("Went through what is kept about the client, to give it to them"),
    "subject.hold_back": _("Held words back from what the client is given"),
    "subject.give_free": _("Gave words free that were held back"),
    "subject.export": _("Took everything about the client out as a file"),
    "record.page": _("Looked at what goes into the record"),
    "record.file": _("Asked for a file for the record"),
    "record.made": _("Made a file for the record"),
    "record.download": _("Took a file for the record"),
    "record.numbers": _("Took the client's numbers as a file"),
    "record.picture": _("Took the client's curve as a picture"),
}


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self):
        from clients.texts.access_log import LISTED
        from organisations.audit.texts import register_actions, register_reasons
        from organisations.roles import Can
        from organisations.services.mail_brake import register_kinds
        from organisations.web.context_help import register_help
        from organisations.web.navigation import Section, register_pages_below, register_sections
        from sessions_app.services.results_reports import TELL_OF_REPORT

        register_actions({"today": LISTED} | ACTIONS)
        register_reasons("subject.export")
        register_sections(
            Section(1, Can.SEE_TODAY, "today", _("Today")),
            Section(5, Can.SEE_RESULTS, "results", _("Results")),
            Section(12, Can.READ_OPENED_CASES, "consultant-cases", _("Cases")),
            Section(7, Can.SEE_RESULTS, "fit-in-use", _("FIT in use")),
        )
        register_pages_below("consultant-cases", "/consultant/")
        register_pages_below("people", "/team-meetings/people/", "/data-protection/")
        register_pages_below("fit-in-use", "/spread/")
        register_pages_below("results", "/studies/")
        register_pages_below("client-list", "/held-back/")
        register_help(HELP)
        register_kinds({TELL_OF_REPORT: _("Reports of results")})
