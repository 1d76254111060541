"""Routes of sessions_app."""

urlpatterns = []
