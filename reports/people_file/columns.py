"""The columns of a file of people and the words that may stand in them, in every language of the application."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisations.models import Practitioner, normal_form
from organisations.roles import Role

NAME, EMAIL, ROLE, TEAMS, LANGUAGE, FROM, UNTIL = ("name", "email", "role", "teams", "language", "from", "until")
LABELS: dict[str, Promise | str] = {
    NAME: _("Name"),
    EMAIL: _("E-mail"),
    ROLE: _("Role"),
    TEAMS: _("Teams"),
    LANGUAGE: _("Language"),
    FROM: _("Access from"),
    UNTIL: _("Access until"),
}
# In the order of the page and of the sample; what each may be called besides.
COLUMNS: dict[str, tuple[str, ...]] = {
    NAME: ("navn", "namn", "fulde navn", "full name"),
    EMAIL: ("e-mail", "mail", "e-mailadresse", "mailadresse", "e-post", "epost", "e-postadress", "e-postadresse"),
    ROLE: ("rolle", "roll"),
    TEAMS: ("team", "teams", "teamet", "grupp", "gruppe"),
    LANGUAGE: ("sprog", "språk"),
    FROM: ("fra", "från", "adgang fra", "tilgang fra", "åtkomst från", "valid from", "start", "access from"),
    UNTIL: ("til", "till", "adgang til", "tilgang til", "åtkomst till", "valid to", "to", "slut", "access until"),
}
ROLES: dict[str, tuple[str, ...]] = {
    Role.PRACTITIONER: ("behandler", "behandlare", "medarbejder", "medarbetare", "medarbeider", "staff", ""),
    Role.TEAM_LEAD: ("leder", "teamleder", "chef", "teamledare", "lead", "leader"),
    Role.ADMIN: ("administrator", "administratör"),
    Role.CONSULTANT: ("konsulent", "konsult"),
}


@dataclass(frozen=True)
class PeopleColumns:
    """What a reader of files asks: which columns a header names, and which sheet of a workbook is meant."""

    sheet: str = ""

    def columns_of(self, header: Sequence[str]) -> list[str | None]:
        """What each field of a header means; None where the name is not known."""
        return [_columns().get(normal_form(name)) for name in header]


def role_called(text: str) -> str | None:
    """The role that a word says in one of the languages; a practitioner where nothing stands, None for other words."""
    return _roles().get(normal_form(text))


def language_called(text: str) -> str | None:
    """The code of a language by its code or its name; "" where nothing stands, None for other words."""
    return _languages().get(normal_form(text))


@lru_cache(1)
def _columns() -> dict[str, str]:
    """Also by what the sample and the page call them, in every language."""
    found = {normal_form(word): column for column, words in COLUMNS.items() for word in (column, *words)}
    for language in settings.MEDSPIL_LANGUAGES:
        with translation.override(language.code):
            found |= {normal_form(str(label)): column for column, label in LABELS.items()}
    return found


@lru_cache(1)
def _roles() -> dict[str, str]:
    found = {normal_form(word): str(role) for role, words in ROLES.items() for word in (str(role), *words)}
    for language in settings.MEDSPIL_LANGUAGES:
        with translation.override(language.code):
            names = Practitioner._meta.get_field("role").choices or []
            found |= {normal_form(str(name)): str(key) for key, name in names}
    return found


@lru_cache(1)
def _languages() -> dict[str, str]:
    found = {"": ""}
    for language in settings.MEDSPIL_LANGUAGES:
        found[normal_form(language.code)] = language.code
        for spoken in settings.MEDSPIL_LANGUAGES:
            with translation.override(spoken.code):
                found[normal_form(str(language.name))] = language.code
    return found
