"""All routes: each app brings its own."""

from allauth.account.urls import urlpatterns as account_routes
from django.urls import include, path

from fit_project.metrics import metrics

# Of django-allauth only what this application uses. Left out above all: the page that changes one's own address.
ACCOUNT_PAGES = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",  # says that it is closed
    "account_reauthenticate",
    "account_change_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}

urlpatterns = [
    path("", include("reports.urls")),
    path("", include("clients.urls")),
    path("", include("sessions_app.urls")),
    path("", include("organisations.urls")),
    path("metrics", metrics, name="metrics"),
    path("account/", include([route for route in account_routes if route.name in ACCOUNT_PAGES])),
]

handler400 = "organisations.views.errors.bad_request"
handler403 = "organisations.views.errors.forbidden"
handler404 = "organisations.views.errors.not_found"
handler500 = "organisations.views.errors.server_error"
