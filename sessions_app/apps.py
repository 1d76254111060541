"""App: what is measured."""

from importlib import import_module

from django.apps import AppConfig


class SessionsConfig(AppConfig):
    name = "sessions_app"

    def import_models(self):
        super().import_models()
        import_module("sessions_app.tracked")  # makes the models of the history

    def ready(self):
        from clients.form_languages import register_form_languages
        from sessions_app.packs.languages import languages_of_packs

        register_form_languages(languages_of_packs)
