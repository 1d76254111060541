"""Sentences of Django and of the log-in library that we translate ourselves: our catalogues come before theirs."""

from django.utils.translation import gettext_noop

LIBRARY_TEXTS = (
    gettext_noop("Email address"),
    gettext_noop("The email address and/or password you specified are not correct."),
    gettext_noop("This field is required."),
    gettext_noop("Select a valid choice. That choice is not one of the available choices."),
    gettext_noop("Please type your current password."),
    gettext_noop("Enter a valid email address."),
)
