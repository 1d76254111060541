"""Routes of reports."""

urlpatterns = []
