"""All routes: each app brings its own."""

from allauth.account.urls import urlpatterns as account_routes
from allauth.mfa.base.urls import urlpatterns as factor_routes
from allauth.mfa.recovery_codes.urls import urlpatterns as code_routes
from allauth.mfa.totp.urls import urlpatterns as app_routes
from allauth.mfa.webauthn.urls import urlpatterns as passkey_routes
from django.urls import URLResolver, include, path

from fit_project.metrics import metrics

# Of django-allauth only what this application uses. Left out above all: the page that changes one's own address, and
# the file of recovery codes (codes are shown once; the page itself saves them).
LIBRARY_PAGES = {
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
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_login_webauthn",
}


def used(routes):
    """What this application uses of a library's routes."""
    for route in routes:
        if isinstance(route, URLResolver):
            for inner in used(route.url_patterns):
                yield path(f"{route.pattern}{inner.pattern}", inner.callback, name=inner.name)
        elif route.name in LIBRARY_PAGES:
            yield route


urlpatterns = [
    path("f/", include("sessions_app.views.client_form.routes")),
    path("", include("reports.urls")),
    path("", include("clients.urls")),
    path("", include("sessions_app.urls")),
    path("", include("organisations.urls")),
    path("", include("fit_project.api")),
    path("metrics", metrics, name="metrics"),
    path("account/", include(list(used(account_routes)))),
    path("account/second-factor/", include(list(used(factor_routes)))),
    path("account/second-factor/app/", include(list(used(app_routes)))),
    path("account/second-factor/codes/", include(list(used(code_routes)))),
    path("account/second-factor/passkeys/", include(list(used(passkey_routes)))),
]

handler400 = "organisations.web.errors.bad_request"
handler403 = "organisations.web.errors.forbidden"
handler404 = "organisations.web.errors.not_found"
handler429 = "organisations.web.errors.too_many"  # of django-allauth's rate limits
handler500 = "organisations.web.errors.server_error"
