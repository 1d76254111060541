"""The page of a form from a rendering that was prepared: it differs by the token and two ids, and by nothing else.

What a page depends on is its key, all of it read anew for each request (services/form_openings.py): whoever changes a
setting, withdraws a pack or lets a licence end is shown the next page as it is now. A page with something of its own
(kept marks, another rater's name, goals that are worked on, what is missing) is rendered as ever.
"""

import copy
import re
import uuid
from collections.abc import Mapping
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils.html import escape

from organisations.models import handover_here
from organisations.tokens import capabilities
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.services import sealed_answers
from sessions_app.services.form_openings import FormOpening
from sessions_app.views.client_form.for_whom import for_whom
from sessions_app.views.client_form.kiosk_pages import form_page
from sessions_app.wording.choice import choose_wording

MOST = 200  # pages kept in a process: forms and languages of some organisations
# They stand where a token and ids will; drawn for this process, so that no page holds them by accident.
TOKEN, SUBMISSION, NAME = (uuid.uuid4() for _ in range(3))
_PLACES = re.compile(f"({TOKEN.hex}|{SUBMISSION}|{NAME})")
# Letters that stand in an address and in a page as they are. Our tokens have no others (capabilities.mint).
PLAIN = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


class PageKey(NamedTuple):
    """All that the page of a form depends on, but for what is put into it."""

    organisation: uuid.UUID
    form: str
    kind: str
    closing: str
    is_withdrawn: bool
    language: str
    pack: str
    numbers: bool
    responsible: str
    contact: str
    seal_to: str


class PreparedPage(NamedTuple):
    """A page in pieces, each second one of which names what stands there; and its language."""

    pieces: list[str]
    language: str

    def filled(self, values: Mapping[str, str]) -> str:
        """The page with these values, escaped, in the places of the same names."""
        escaped = {place: escape(value) for place, value in values.items()}
        return "".join(escaped[piece] if at % 2 else piece for at, piece in enumerate(self.pieces))


_pages: dict[PageKey, PreparedPage] = {}


def prepared_page(request: HttpRequest, token: str, opening: FormOpening) -> HttpResponse | None:
    """The page of a form without marks, in the language that is active; None where it is not like all the others."""
    shown, form = request.capability, FormKey.parse(request.capability.detail)
    if opening.has_draft or not form.by_client or not PLAIN.fullmatch(token):
        return None
    if for_whom(form, shown, handover_here(request), nameless=False)["worked_on"]:
        return None
    key = _key_of(shown, opening)
    page = _pages.get(key) or _prepare(request, key)
    if page is None:
        return None
    name = str(capabilities.public_id(shown))
    response = HttpResponse(page.filled({TOKEN.hex: token, str(SUBMISSION): str(uuid.uuid4()), str(NAME): name}))
    response["Content-Language"] = page.language
    return response


def forget_prepared() -> None:
    """Forget every page of this process."""
    _pages.clear()


def _key_of(shown, opening: FormOpening) -> PageKey:
    return PageKey(
        organisation=shown.organisation_id,
        form=shown.detail,
        kind=shown.kind,
        closing=shown.closing,
        is_withdrawn=shown.revoked_at is not None,
        language=opening.language,
        pack=opening.pack,
        numbers=opening.numbers,
        responsible=opening.responsible,
        contact=opening.contact,
        seal_to=sealed_answers.public_key(),
    )


def _prepare(request: HttpRequest, key: PageKey) -> PreparedPage | None:
    """Render the page once with stand-ins; None where its words are not those that the key names."""
    chosen = choose_wording(organisation_id=key.organisation, form=FormKey.parse(key.form), language=key.language)
    if chosen.pack != key.pack:
        return None
    blank, blank.capability = copy.copy(request), copy.copy(request.capability)
    blank.capability.token_hash = NAME.bytes + bytes(16)
    page = form_page(blank, TOKEN.hex, key.language, submission_id=SUBMISSION, chosen=chosen)
    if len(_pages) >= MOST:
        forget_prepared()
    prepared = PreparedPage(_PLACES.split(page.content.decode()), page["Content-Language"])
    _pages[key] = prepared
    return prepared
