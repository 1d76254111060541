"""A template of the impact assessment (article 35): what is processed, and what the program does about each risk.

How likely and how grave a risk is, and what else is done, an organisation judges for itself.
"""

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organisations.models import Organisation
from reports.data_protection.activities import ACTIVITIES
from reports.data_protection.processing_record import OPEN, data_words
from reports.pdf.parts import Facts, Heading, Paragraph, Part, Rows

# What may happen to people, and what the program does about it.
RISKS: tuple[tuple[Promise, Promise], ...] = (
    (
        gettext_lazy("A colleague reads about somebody whom they do not help."),
        gettext_lazy(
            "Only the client's teams see the client. Each look is on record, samples are checked every month, and many "
            "looks without a relation raise an alarm."
        ),
    ),
    (
        gettext_lazy("Another organisation's data show up."),
        gettext_lazy("Two walls that do not know of each other: in the program, and in the database itself."),
    ),
    (
        gettext_lazy("Somebody logs in as somebody else."),
        gettext_lazy(
            "Second factor, the organisation's own log-in, a pause after wrong tries, log-ins that end by themselves."
        ),
    ),
    (
        gettext_lazy("A client with the tablet in their hands reads about others."),
        gettext_lazy("The device is logged out before it is handed over and opens that one form only."),
    ),
    (
        gettext_lazy("A link to a form falls into other hands."),
        gettext_lazy("A link opens one form without a name on it, ends by itself and can be taken back."),
    ),
    (
        gettext_lazy("What a client marks is turned against them."),
        gettext_lazy(
            "Marks are never shown without what they are good for; a curve decides nothing, and the help is talked "
            "about with the client."
        ),
    ),
    (
        gettext_lazy("A number in a report tells who somebody is."),
        gettext_lazy("Small numbers are hidden, and so are those from which they could be worked out."),
    ),
    (
        gettext_lazy("A wrong mark or note stays in the record."),
        gettext_lazy("Whoever may write corrects it; what stood there before is kept, with when and by whom."),
    ),
    (
        gettext_lazy("Data are lost, or cannot be read when they are needed."),
        gettext_lazy(
            "Backups that are tried out, answers kept on the device while the network is away, papers for the rest."
        ),
    ),
    (
        gettext_lazy("Data are kept longer than anybody needs them."),
        gettext_lazy(
            "Ended episodes are archived; how long they are kept follows the law of the country and the service."
        ),
    ),
)


def impact_assessment(organisation: Organisation) -> Iterator[Part]:
    """In the active language: a template, filled in as far as the program knows."""
    yield Paragraph(
        _(
            "A template. The program has filled in what it knows; where there are three dots, the organisation judges "
            "and writes. An assessment without your own judgement is none."
        )
    )
    yield Heading(_("What is assessed"))
    yield Facts(
        (
            (_("Controller"), organisation.name),
            (_("System"), _("Medspil, for Feedback-Informed Treatment")),
            (_("Who assesses, and when"), OPEN),
            (_("Asked for their opinion: clients, staff, data protection officer"), OPEN),
        )
    )
    yield Heading(_("What is processed, and for what"))
    yield Rows(
        _("Activities"),
        (_("Activity"), _("Purpose"), _("Which data")),
        tuple((str(one.name), str(one.purpose), "; ".join(data_words(one)) or "–") for one in ACTIVITIES),
    )
    yield Heading(_("Is it needed, and in proportion"))
    yield Facts(
        (
            (_("Lawful basis"), OPEN),
            (_("Why it cannot be reached with less"), OPEN),
            (_("What clients are told, and how they may say no"), OPEN),
            (_("How long data are kept"), OPEN),
        )
    )
    yield Heading(_("Risks"))
    yield from _risks()
    yield Heading(_("Decision"))
    yield Facts(((_("Decided by, on"), OPEN), (_("Looked at again on"), OPEN)))


def _risks() -> Iterator[Part]:
    for number, (risk, measure) in enumerate(RISKS, start=1):
        yield Heading(f"{number}. {risk}", 3)
        yield Facts(
            (
                (_("What the program does"), str(measure)),
                (_("How likely, how grave"), OPEN),
                (_("What we do besides"), OPEN),
                (_("What is left, and who accepts it"), OPEN),
            )
        )
