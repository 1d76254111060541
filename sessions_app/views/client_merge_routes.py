"""Routes of two records of one person that are merged, and of taking that back."""

from django.urls import path

from sessions_app.views import client_merges

ROUTES = [
    path("clients/<uuid:client_id>/merge/", client_merges.client_merge, name="client-merge"),
    path(
        "clients/<uuid:client_id>/merge/<uuid:other_id>/",
        client_merges.client_merge_preview,
        name="client-merge-preview",
    ),
    path("merges/<uuid:merge_id>/undo/", client_merges.client_merge_undo, name="client-merge-undo"),
]
