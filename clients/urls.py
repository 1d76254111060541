"""Routes of who is helped."""

from django.urls import path

from clients.views import (
    access_log,
    client_edit,
    client_list,
    consents,
    episodes,
    labels,
    pair_messages,
    practice_clients,
    raters,
    restrictions,
    subject_requests,
    team_merges,
)

urlpatterns = [
    path("clients/", client_list.client_list, name="client-list"),
    path("clients/views/new/", client_list.view_new, name="view-new"),
    path("clients/views/<uuid:view_id>/remove/", client_list.view_remove, name="view-remove"),
    path("clients/<uuid:client_id>/pair/", pair_messages.client_pair, name="client-pair"),
    path("clients/messages/<uuid:message_id>/read/", pair_messages.message_read, name="message-read"),
    path("clients/messages/<uuid:message_id>/unread/", pair_messages.message_unread, name="message-unread"),
    path("labels/", labels.labels, name="labels"),
    path("labels/<uuid:label_id>/", labels.label_edit, name="label-edit"),
    path("labels/<uuid:label_id>/retire/", labels.label_retire, name="label-retire"),
    path("labels/<uuid:label_id>/return/", labels.label_return, name="label-return"),
    path("clients/new/", client_edit.client_new, name="client-new"),
    path("clients/<uuid:client_id>/edit/", client_edit.client_edit, name="client-edit"),
    path("clients/<uuid:client_id>/looks/", access_log.client_looks, name="client-looks"),
    path("access/", access_log.access_log, name="access-log"),
    path("access/looks.csv", access_log.access_log_export, name="access-log-export"),
    path("clients/<uuid:client_id>/practice/", practice_clients.practice_teams, name="practice-teams"),
    path(
        "clients/<uuid:client_id>/practice/<uuid:team_id>/end/",
        practice_clients.practice_team_end,
        name="practice-team-end",
    ),
    path("clients/<uuid:client_id>/teams/", client_edit.client_teams, name="client-teams"),
    path("clients/<uuid:client_id>/raters/", raters.client_raters, name="client-raters"),
    path("clients/<uuid:client_id>/consents/", consents.client_consents, name="client-consents"),
    path("data-requests/", subject_requests.subject_requests, name="subject-requests"),
    path("data-requests/file/", subject_requests.subject_requests_csv, name="subject-requests-csv"),
    path(
        "clients/<uuid:client_id>/data-requests/new/", subject_requests.subject_request_new, name="subject-request-new"
    ),
    path("data-requests/<uuid:subject_request_id>/", subject_requests.subject_request, name="subject-request"),
    path(
        "data-requests/<uuid:subject_request_id>/extend/",
        subject_requests.subject_request_extend,
        name="subject-request-extend",
    ),
    path(
        "data-requests/<uuid:subject_request_id>/handler/",
        subject_requests.subject_request_hand,
        name="subject-request-hand",
    ),
    path("clients/<uuid:client_id>/restriction/", restrictions.restriction_new, name="restriction-new"),
    path("restrictions/<uuid:restriction_id>/lift/", restrictions.restriction_lift, name="restriction-lift"),
    path("clients/<uuid:client_id>/reading/", restrictions.restricted_reading, name="restricted-reading"),
    path("consents/<uuid:consent_id>/correct/", consents.consent_correct, name="consent-correct"),
    path("raters/<uuid:rater_id>/name/", raters.rater_rename, name="rater-rename"),
    path("raters/<uuid:rater_id>/asked/", raters.rater_active, name="rater-active"),
    path("merge/teams/<uuid:team_id>/", team_merges.team_merge, name="team-merge"),
    path("merge/services/<uuid:service_id>/", team_merges.service_merge, name="service-merge"),
    path("clients/<uuid:client_id>/archive/", client_edit.client_archive, name="client-archive"),
    path("clients/<uuid:client_id>/restore/", client_edit.client_restore, name="client-restore"),
    path("clients/<uuid:client_id>/episodes/new/", episodes.episode_new, name="episode-new"),
    path("episodes/<uuid:episode_id>/reopen/", episodes.episode_reopen, name="episode-reopen"),
]
