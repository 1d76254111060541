"""Routes of how long things are kept, of whose time is over and of what is kept all the same."""

from django.urls import path

from sessions_app.views import erasure_notices, legal_holds, retention

ROUTES = [
    path("retention/", retention.retention, name="retention"),
    path("retention/services/<uuid:service_id>/", retention.retention_rule, name="retention-rule"),
    path("erasures/", erasure_notices.erasure_list, name="erasure-list"),
    path("erasures/<uuid:notice_id>/", erasure_notices.erasure_notice, name="erasure-notice"),
    path("erasures/<uuid:notice_id>/confirm/", erasure_notices.erasure_confirm, name="erasure-confirm"),
    path("erasures/<uuid:notice_id>/undo/", erasure_notices.erasure_undo, name="erasure-undo"),
    path("erasures/<uuid:notice_id>/archive/", erasure_notices.erasure_archive, name="erasure-archive"),
    path("clients/<uuid:client_id>/holds/", legal_holds.client_holds, name="client-holds"),
    path("holds/<uuid:hold_id>/lift/", legal_holds.hold_lift, name="hold-lift"),
]
