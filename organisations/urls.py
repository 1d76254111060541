"""Routes of who works here."""

from django.urls import path

from organisations.views import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
]
