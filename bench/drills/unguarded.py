"""The web server of the control: the look-up of an earlier answer is taken out, as the unique keys are."""

from fit_project.wsgi import application
from sessions_app.services import ratings

ratings._compared = lambda *args, **kwargs: None

__all__ = ["application"]
