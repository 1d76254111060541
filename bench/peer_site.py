"""The smallest site around django-survey-and-report, run by an environment of its own (bench/peer.py)."""

import os

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import include, path

if not settings.configured:
    settings.configure(
        SECRET_KEY=os.environ["SECRET_KEY"],
        ALLOWED_HOSTS=["localhost"],
        ROOT_URLCONF=__name__,
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": os.environ["PEER_DATABASE"],
                "USER": "fit_owner",
                "HOST": os.environ["PEER_HOST"],
                "PORT": "5432",
                "CONN_MAX_AGE": 60,
            }
        },
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.staticfiles",
            "survey",
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [os.environ["PEER_TEMPLATES"]],
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        STATIC_URL="/static/",
        LOGIN_URL="/",
        CHOICES_SEPARATOR="|",
        DEFAULT_SURVEY_PUBLISHING_DURATION=7,
        USER_DID_NOT_ANSWER="Left blank",
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    )
    django.setup()

urlpatterns = [path("survey/", include("survey.urls"))]
application = get_wsgi_application()


def prepare() -> None:
    """Tables, and one survey of four numbers on one page, open to anybody."""
    from django.core.management import call_command
    from survey.models import Category, Question, Survey

    call_command("migrate", verbosity=0)
    survey = Survey.objects.create(name="Four numbers", description="", need_logged_user=False, display_method=0)
    category = Category.objects.create(name="All", survey=survey)
    for order, text in enumerate(("One", "Two", "Three", "Four")):
        Question.objects.create(
            text=text, order=order, required=True, survey=survey, category=category, type=Question.FLOAT
        )
    print(survey.pk)


if __name__ == "__main__":
    prepare()
