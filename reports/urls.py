"""Routes of what is shown."""

from django.urls import path

from reports.changes.view import client_changes
from reports.client_page.together import client_together
from reports.client_page.view import client_detail
from reports.exports.results_csv import results_csv
from reports.first_steps.view import first_practice, first_steps
from reports.result.view import session_result
from reports.results.view import results, results_evidence
from reports.supervision.view import supervision, supervision_of
from reports.today.view import home, today
from reports.trajectory.view import expected_course

urlpatterns = [
    path("", home, name="home"),
    path("today/", today, name="today"),
    path("first-steps/", first_steps, name="first-steps"),
    path("first-steps/practice/", first_practice, name="first-practice"),
    path("clients/<uuid:client_id>/", client_detail, name="client-detail"),
    path("clients/<uuid:client_id>/together/", client_together, name="client-together"),
    path("clients/<uuid:client_id>/changes/", client_changes, name="client-changes"),
    path("sessions/<uuid:session_id>/result/<str:instrument>/", session_result, name="session-result"),
    path("supervision/", supervision, name="supervision"),
    path("supervision/of/<uuid:practitioner_id>/", supervision_of, name="supervision-of"),
    path("results/", results, name="results"),
    path("results/file/", results_csv, name="results-csv"),
    path("results/evidence/", results_evidence, name="results-evidence"),
    path("expected-course/", expected_course, name="expected-course"),
]
