"""Routes of what is shown."""

from django.urls import path

from reports.views import changes, client, expected_course, result, supervision, today

urlpatterns = [
    path("", today.home, name="home"),
    path("today/", today.today, name="today"),
    path("clients/<uuid:client_id>/", client.client_detail, name="client-detail"),
    path("clients/<uuid:client_id>/changes/", changes.client_changes, name="client-changes"),
    path("sessions/<uuid:session_id>/result/<str:instrument>/", result.session_result, name="session-result"),
    path("supervision/", supervision.supervision, name="supervision"),
    path("supervision/of/<uuid:practitioner_id>/", supervision.supervision_of, name="supervision-of"),
    path("expected-course/", expected_course.expected_course, name="expected-course"),
]
