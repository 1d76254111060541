"""Routes of clients."""

urlpatterns = []
