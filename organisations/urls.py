"""Routes of who works here."""

from django.urls import path

from organisations.views import account, installed, invitations, people, roles, second_factor, teams, tokens
from organisations.web import health, news

urlpatterns = [
    path("manifest.webmanifest", installed.manifest, name="manifest"),
    path("sw.js", installed.service_worker, name="service-worker"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("people/", people.people_page, name="people"),
    path("people/new/", people.practitioner_new, name="practitioner-new"),
    path("people/<uuid:practitioner_id>/", people.practitioner_edit, name="practitioner-edit"),
    path("people/<uuid:practitioner_id>/invite/", people.practitioner_invite, name="practitioner-invite"),
    path(
        "people/<uuid:practitioner_id>/deactivate/",
        people.practitioner_deactivate,
        name="practitioner-deactivate",
    ),
    path(
        "people/<uuid:practitioner_id>/reactivate/",
        people.practitioner_reactivate,
        name="practitioner-reactivate",
    ),
    path("people/<uuid:practitioner_id>/second-factor/", people.practitioner_factors, name="practitioner-factors"),
    path("services/new/", teams.service_new, name="service-new"),
    path("services/<uuid:service_id>/", teams.service_edit, name="service-edit"),
    path("teams/new/", teams.team_new, name="team-new"),
    path("teams/<uuid:team_id>/", teams.team_edit, name="team-edit"),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("organisations/", account.organisation_choose, name="organisation-choose"),
    path("organisations/switch/", account.organisation_switch, name="organisation-switch"),
    path("account/", account.account, name="account"),
    path("roles/", roles.roles_page, name="roles"),
    path("account/tokens/", tokens.own_tokens, name="own-tokens"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/requests/", tokens.token_requests, name="token-requests"),
    path("tokens/<uuid:system_token_id>/confirm/", tokens.token_confirm, name="token-confirm"),
    path("tokens/<uuid:token_id>/revoke/", tokens.token_revoke, name="token-revoke"),
    path("account/pin/", account.account_pin, name="account-pin"),
    path("typed/", account.typed_again, name="typed-again"),
    path("news/", news.news, name="news"),
    path("account/stay/", account.stay, name="account-stay"),
    path("account/log-out-everywhere/", account.log_out_everywhere, name="account-end-sessions"),
    # Names that django-allauth looks for.
    path("account/second-factor/", second_factor.second_factor, name="mfa_index"),
    path("account/second-factor/passkeys/", second_factor.passkeys, name="mfa_list_webauthn"),
    path("people/log-in/", second_factor.log_in_rules, name="log-in-rules"),
]
