"""App: what is measured."""

from django.apps import AppConfig

# Why the program itself looks at many clients, and parts of a page.
WHY = ("rules", "values", "trajectory", "tone", "rhythm", "demo", "group", "told", "mine", "teams")


class SessionsConfig(AppConfig):
    name = "sessions_app"

    def ready(self):
        from clients.models.form_languages import register_form_languages
        from organisations.audit.purposes import know
        from sessions_app.forms.link import WAYS
        from sessions_app.measures.instruments.registry import FAMILY
        from sessions_app.standards.values import BY_KEY
        from sessions_app.wording.languages import languages_of_packs

        register_form_languages(languages_of_packs)
        know([*WHY, *FAMILY, *BY_KEY, *(way for way, _name in WAYS)])
