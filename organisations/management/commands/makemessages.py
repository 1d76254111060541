"""makemessages that also gathers texts marked with `lazy`, the short name of gettext_lazy in the tables of words."""

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """As Django's, and `lazy` and `now` mark a text too: xgettext knows only the names Django lists."""

    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=lazy", "--keyword=now"]
