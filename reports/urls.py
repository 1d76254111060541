"""Routes of what is shown."""

from django.urls import path

from reports.changes.view import client_changes
from reports.client_page.chart_axis import chart_axis
from reports.client_page.courses_page import client_courses
from reports.client_page.together import client_together
from reports.client_page.view import client_detail
from reports.consultant import questions as consultant_questions
from reports.consultant.view import consultant_case, consultant_cases
from reports.data_protection.breach_view import breach
from reports.data_protection.view import data_protection
from reports.development import view as development
from reports.emergency.view import emergency_client
from reports.episode_end.view import episode_end
from reports.exports.breach_csv import breach_csv
from reports.exports.course_csv import record_csv
from reports.exports.curve_picture import record_svg
from reports.exports.data_protection_papers import data_map_csv, impact_assessment_docx, processing_record_docx
from reports.exports.fit_in_use_csv import fit_in_use_csv
from reports.exports.licence_seats_csv import licence_seats_csv
from reports.exports.plan_evaluation_pdf import plan_evaluation_pdf
from reports.exports.record_file import record_file
from reports.exports.research_file import research_file
from reports.exports.results_csv import results_csv
from reports.exports.results_pdf import results_pdf
from reports.exports.results_report import results_report
from reports.exports.results_xlsx import results_xlsx
from reports.exports.spread_csv import spread_csv
from reports.exports.subject_letter import subject_letter
from reports.exports.subject_zip import subject_file
from reports.exports.who_sees_what_csv import who_sees_what_csv
from reports.first_steps.view import first_practice, first_steps
from reports.fit_in_use.view import fit_in_use
from reports.learning import view as learning
from reports.people_file.view import people_file, people_file_sample, people_file_send
from reports.plan_evaluation.view import plan_evaluation, plan_evaluation_document, plan_evaluation_new
from reports.record.view import record, record_file_new
from reports.research.view import export_of_study, export_of_study_new, export_of_study_remove, exports_of_study
from reports.result.view import session_result
from reports.results.view import results, results_evidence
from reports.results_reports.view import results_report_remove, results_report_restore, results_reports
from reports.spread import register_view as register
from reports.spread.view import spread
from reports.studies.view import study
from reports.subject.view import client_rights, passage_give_free, passage_hold_back, subject_export
from reports.supervision.view import supervision, supervision_of
from reports.team_meetings.view import (
    team_meeting,
    team_meeting_follow,
    team_meeting_minutes,
    team_meeting_present,
)
from reports.today.view import home, today
from reports.trajectory import sharing_view
from reports.trajectory.view import expected_course, expected_course_versions
from reports.who_sees_what.view import who_sees_what

urlpatterns = [
    path("", home, name="home"),
    path("today/", today, name="today"),
    path("first-steps/", first_steps, name="first-steps"),
    path("first-steps/practice/", first_practice, name="first-practice"),
    path("clients/<uuid:client_id>/", client_detail, name="client-detail"),
    path("emergency/<uuid:emergency_access_id>/", emergency_client, name="emergency-client"),
    path("clients/<uuid:client_id>/together/", client_together, name="client-together"),
    path("clients/<uuid:client_id>/changes/", client_changes, name="client-changes"),
    path("episodes/<uuid:episode_id>/end/", episode_end, name="episode-end"),
    path("clients/<uuid:client_id>/courses/", client_courses, name="client-courses"),
    path("episodes/<uuid:episode_id>/plan-evaluation/", plan_evaluation_new, name="plan-evaluation-new"),
    path("plan-evaluations/<uuid:plan_evaluation_id>/", plan_evaluation, name="plan-evaluation"),
    path(
        "plan-evaluations/<uuid:plan_evaluation_id>/document/",
        plan_evaluation_document,
        name="plan-evaluation-document",
    ),
    path("plan-evaluations/<uuid:plan_evaluation_id>/document.pdf", plan_evaluation_pdf, name="plan-evaluation-pdf"),
    path("consultant/cases/", consultant_cases, name="consultant-cases"),
    path(
        "consultant/questions/<uuid:question_id>/",
        consultant_questions.consultant_question,
        name="consultant-question",
    ),
    *(
        path(
            f"consultant/replies/<uuid:reply_id>/{step}/",
            consultant_questions.consultant_reply_step,
            {"step": step},
            name=f"consultant-reply-{step}",
        )
        for step in consultant_questions.REPLY_STEPS
    ),
    path("consultant/cases/<uuid:opened_case_id>/", consultant_case, name="consultant-case"),
    path("clients/<uuid:client_id>/rights/", client_rights, name="client-rights"),
    path("clients/<uuid:client_id>/everything/", subject_export, name="subject-export"),
    path("clients/<uuid:client_id>/everything/hold-back/", passage_hold_back, name="passage-hold-back"),
    path("clients/<uuid:client_id>/everything/file/", subject_file, name="subject-file"),
    path("held-back/<uuid:held_back_passage_id>/give-free/", passage_give_free, name="passage-give-free"),
    path("data-requests/<uuid:subject_request_id>/letter.pdf", subject_letter, name="subject-letter"),
    path("charts/axis/", chart_axis, name="chart-axis"),
    path("episodes/<uuid:episode_id>/record/", record, name="record"),
    path("episodes/<uuid:episode_id>/record/files/", record_file_new, name="record-file-new"),
    path("episodes/<uuid:episode_id>/record/numbers/", record_csv, name="record-csv"),
    path("episodes/<uuid:episode_id>/record/curve/", record_svg, name="record-svg"),
    path("record/files/<uuid:record_file_id>/", record_file, name="record-file"),
    path("sessions/<uuid:session_id>/result/<str:instrument>/", session_result, name="session-result"),
    path("development/", development.development, name="development"),
    path("development/of/<uuid:practitioner_id>/", development.development_of, name="development-of"),
    path("supervision/", supervision, name="supervision"),
    path("supervision/of/<uuid:practitioner_id>/", supervision_of, name="supervision-of"),
    path("results/", results, name="results"),
    path("results/file/", results_csv, name="results-csv"),
    path("results/workbook/", results_xlsx, name="results-xlsx"),
    path("results/report.pdf", results_pdf, name="results-pdf"),
    path("results/reports/", results_reports, name="results-reports"),
    path("results/reports/<uuid:results_report_id>/", results_report, name="results-report"),
    path("results/reports/<uuid:results_report_id>/remove/", results_report_remove, name="results-report-remove"),
    path("results/reports/<uuid:results_report_id>/restore/", results_report_restore, name="results-report-restore"),
    path("results/evidence/", results_evidence, name="results-evidence"),
    path("studies/<uuid:study_id>/", study, name="study"),
    path("access/breach/", breach, name="breach"),
    path("access/breach/file/", breach_csv, name="breach-csv"),
    path("data-protection/", data_protection, name="data-protection"),
    path("data-protection/record/", processing_record_docx, name="processing-record-docx"),
    path("data-protection/assessment/", impact_assessment_docx, name="impact-assessment-docx"),
    path("data-protection/map/", data_map_csv, name="data-map-csv"),
    path("access/people/", who_sees_what, name="who-sees-what"),
    path("access/people/file/", who_sees_what_csv, name="who-sees-what-csv"),
    path("wording/seats/file/", licence_seats_csv, name="licence-seats-csv"),
    path("people/file/", people_file, name="people-file"),
    path("people/file/send/", people_file_send, name="people-file-send"),
    path("people/file/sample.csv", people_file_sample, {"kind": "csv"}, name="people-file-sample"),
    path("people/file/sample.xlsx", people_file_sample, {"kind": "xlsx"}, name="people-file-workbook"),
    path("fit-in-use/", fit_in_use, name="fit-in-use"),
    path("fit-in-use/file/", fit_in_use_csv, name="fit-in-use-csv"),
    path("spread/", spread, name="spread"),
    path("spread/file/", spread_csv, name="spread-csv"),
    path("spread/register/", register.register_files, name="register-files"),
    path("spread/register/sample/", register.register_sample, name="register-sample"),
    path("spread/register/own/", register.register_own_services, name="register-own-services"),
    path("spread/register/<uuid:register_import_id>/", register.register_file, name="register-file"),
    path(
        "spread/register/<uuid:register_import_id>/import/", register.register_file_import, name="register-file-import"
    ),
    path(
        "spread/register/<uuid:register_import_id>/take-out/",
        register.register_file_take_out,
        name="register-file-take-out",
    ),
    path(
        "spread/register/<uuid:register_import_id>/discard/",
        register.register_file_discard,
        name="register-file-discard",
    ),
    path("expected-course/", expected_course, name="expected-course"),
    path("expected-course/versions/", expected_course_versions, name="expected-course-versions"),
    path("expected-course/shared/", sharing_view.shared_expected_courses, name="shared-courses"),
    path("expected-course/shared/publish/<uuid:fit_id>/", sharing_view.publish_expected_course, name="course-publish"),
    path(
        "expected-course/shared/published/<uuid:published_course_id>/",
        sharing_view.published_expected_course,
        name="published-course",
    ),
    path(
        "expected-course/shared/<uuid:shared_course_id>/put-aside/",
        sharing_view.put_shared_course_aside,
        name="shared-course-put-aside",
    ),
    path(
        "expected-course/shared/<uuid:shared_course_id>/use-again/",
        sharing_view.use_shared_course_again,
        name="shared-course-use-again",
    ),
    path("team-meetings/people/", learning.team_people, name="team-people"),
    path(
        "team-meetings/people/places/<uuid:membership_id>/name/",
        learning.resource_person_name,
        name="resource-person-name",
    ),
    path(
        "team-meetings/people/places/<uuid:membership_id>/end/",
        learning.resource_person_end,
        name="resource-person-end",
    ),
    path(
        "team-meetings/people/<uuid:practitioner_id>/introduced/",
        learning.introduction_note,
        name="introduction-note",
    ),
    path(
        "team-meetings/people/<uuid:practitioner_id>/introduced/undo/",
        learning.introduction_undo,
        name="introduction-undo",
    ),
    path("team-meetings/<uuid:team_meeting_id>/", team_meeting, name="team-meeting"),
    path("team-meetings/<uuid:team_meeting_id>/present/", team_meeting_present, name="team-meeting-present"),
    path("team-meetings/<uuid:team_meeting_id>/follow/", team_meeting_follow, name="team-meeting-follow"),
    path("team-meetings/<uuid:team_meeting_id>/minutes.pdf", team_meeting_minutes, name="team-meeting-minutes"),
    path("studies/<uuid:study_id>/exports/", exports_of_study, name="study-exports"),
    path("studies/<uuid:study_id>/exports/new/", export_of_study_new, name="study-export-new"),
    path("studies/exports/<uuid:study_export_id>/", export_of_study, name="study-export"),
    path("studies/exports/<uuid:study_export_id>/file/", research_file, name="study-export-file"),
    path("studies/exports/<uuid:study_export_id>/remove/", export_of_study_remove, name="study-export-remove"),
]
