"""Routes of clients that somebody opens in an emergency."""

from django.urls import path

from sessions_app.views import emergency_accesses

ROUTES = [
    path("emergency/", emergency_accesses.emergency_open, name="emergency-open"),
    path("emergency/opened/", emergency_accesses.emergency_accesses, name="emergency-accesses"),
    path(
        "emergency/opened/<uuid:emergency_access_id>/looked/", emergency_accesses.emergency_look, name="emergency-look"
    ),
    path("emergency/<uuid:emergency_access_id>/end/", emergency_accesses.emergency_end, name="emergency-end"),
]
