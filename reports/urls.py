"""Routes of what is shown."""

from django.urls import path

from reports.views import client, result, today

urlpatterns = [
    path("", today.home, name="home"),
    path("today/", today.today, name="today"),
    path("clients/<uuid:client_id>/", client.client_detail, name="client-detail"),
    path("sessions/<uuid:session_id>/result/<slug:instrument>/", result.session_result, name="session-result"),
]
