"""Routes of what is measured."""

from django.urls import path

from sessions_app.views import (
    alerts,
    answers,
    form,
    handover,
    imports,
    measures,
    notes,
    packs,
    screen,
    session,
    start,
    unlock,
)

urlpatterns = [
    path("clients/<uuid:client_id>/sessions/start/", start.session_start, name="session-start"),
    path("clients/<uuid:client_id>/sessions/absent/", start.session_absent, name="session-absent"),
    path("clients/<uuid:client_id>/sessions/new/", start.session_new, name="session-new"),
    path("sessions/<uuid:session_id>/", session.session_flow, name="session-flow"),
    path(
        "sessions/<uuid:session_id>/handover/<str:instrument>/",
        handover.session_handover,
        name="session-handover",
    ),
    path("sessions/<uuid:session_id>/skip/", session.session_skip, name="session-skip"),
    path("sessions/<uuid:session_id>/next/", session.session_next, name="session-next"),
    path("sessions/<uuid:session_id>/edit/", session.session_edit, name="session-edit"),
    path("sessions/<uuid:session_id>/void/", session.session_void, name="session-void"),
    path("sessions/<uuid:session_id>/move/", session.session_move, name="session-move"),
    path("sessions/<uuid:session_id>/notes/<str:kind>/", notes.note_save, name="note-save"),
    path("sessions/<uuid:session_id>/key-in/<str:instrument>/", answers.rating_key_in, name="rating-key-in"),
    path("ratings/<uuid:rating_id>/correct/", answers.rating_correct, name="rating-correct"),
    path("conflicts/<uuid:conflict_id>/decide/", answers.conflict_decide, name="conflict-decide"),
    path("alerts/<uuid:alert_id>/acknowledge/", alerts.alert_acknowledge, name="alert-acknowledge"),
    path("imports/", imports.import_sessions, name="import-sessions"),
    path("imports/<uuid:import_id>/", imports.import_detail, name="import-detail"),
    path("imports/<uuid:import_id>/confirm/", imports.import_confirm, name="import-confirm"),
    path("imports/<uuid:import_id>/discard/", imports.import_discard, name="import-discard"),
    path("measures/", measures.measures, name="measures"),
    path("measures/<slug:measure>/", measures.measure_edit, name="measure-edit"),
    path("wording/", packs.packs, name="packs"),
    path("wording/<uuid:pack_id>/", packs.pack_detail, name="pack-detail"),
    path("wording/<uuid:pack_id>/withdraw/", packs.pack_withdraw, name="pack-withdraw"),
    path("licences/<uuid:licence_id>/confirm/", packs.licence_confirm, name="licence-confirm"),
    path("f/<str:token>/", form.rating_form, name="rating-form"),
    path("f/<str:token>/thanks/", form.rating_thanks, name="rating-thanks"),
    path("screen/", screen.screen_settings, name="screen-settings"),
    path("unlock/", unlock.unlock, name="unlock"),
]
