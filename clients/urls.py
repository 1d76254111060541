"""Routes of who is helped."""

from django.urls import path

from clients.views import access_log, client_edit, client_list, episodes, raters, team_merges

urlpatterns = [
    path("clients/", client_list.client_list, name="client-list"),
    path("clients/new/", client_edit.client_new, name="client-new"),
    path("clients/<uuid:client_id>/edit/", client_edit.client_edit, name="client-edit"),
    path("clients/<uuid:client_id>/looks/", access_log.client_looks, name="client-looks"),
    path("access/", access_log.access_log, name="access-log"),
    path("access/looks.csv", access_log.access_log_export, name="access-log-export"),
    path("clients/<uuid:client_id>/teams/", client_edit.client_teams, name="client-teams"),
    path("clients/<uuid:client_id>/raters/", raters.client_raters, name="client-raters"),
    path("raters/<uuid:rater_id>/name/", raters.rater_rename, name="rater-rename"),
    path("raters/<uuid:rater_id>/asked/", raters.rater_active, name="rater-active"),
    path("merge/teams/<uuid:team_id>/", team_merges.team_merge, name="team-merge"),
    path("merge/services/<uuid:service_id>/", team_merges.service_merge, name="service-merge"),
    path("clients/<uuid:client_id>/archive/", client_edit.client_archive, name="client-archive"),
    path("clients/<uuid:client_id>/restore/", client_edit.client_restore, name="client-restore"),
    path("clients/<uuid:client_id>/episodes/new/", episodes.episode_new, name="episode-new"),
    path("episodes/<uuid:episode_id>/end/", episodes.episode_end, name="episode-end"),
    path("episodes/<uuid:episode_id>/reopen/", episodes.episode_reopen, name="episode-reopen"),
]
