"""All routes: each app brings its own."""

from django.urls import include, path

urlpatterns = [
    path("", include("reports.urls")),
    path("", include("clients.urls")),
    path("", include("sessions_app.urls")),
    path("", include("organisations.urls")),
    path("account/", include("allauth.account.urls")),
]

handler400 = "organisations.views.errors.bad_request"
handler403 = "organisations.views.errors.forbidden"
handler404 = "organisations.views.errors.not_found"
handler500 = "organisations.views.errors.server_error"
