"""The record of processing activities (article 30), from the tables themselves.

What only the organisation knows is left open to be written in.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from organisations.history.privacy import DataClass
from organisations.models import Organisation
from reports.data_protection.activities import ACTIVITIES, KINDS, NOBODY, Activity, kinds_of
from reports.pdf.parts import Facts, Heading, Paragraph, Part

OPEN = "…"  # to be written in by the organisation


def processing_record(organisation: Organisation) -> Iterator[Part]:
    """In the active language; a heading an activity, and what the regulation asks to be said of each."""
    yield Paragraph(
        _(
            "Made by the program from its own tables. Where there are three dots, the organisation writes what only it "
            "knows. Look it through before you rely on it."
        )
    )
    yield Heading(_("Who is responsible"))
    yield Facts(
        (
            (_("Controller"), organisation.name),
            (_("Contact"), OPEN),
            (_("Data protection officer"), OPEN),
            (_("Processor that runs Medspil"), OPEN),
            (_("Transfer to countries outside the EEA"), _("None by the program itself.")),
        )
    )
    for activity in ACTIVITIES:
        yield Heading(str(activity.name))
        yield Facts(tuple(_facts_of(activity)))
    yield Heading(_("Security"))
    for sentence in security_measures():
        yield Paragraph(sentence)


def data_words(activity: Activity) -> list[str]:
    """The kinds of personal data that an activity's tables hold; none where they are about nobody."""
    if NOBODY in activity.whose:
        return []
    counted = kinds_of(activity)
    return [str(KINDS[kind]) for kind in KINDS if counted[kind]]


def _facts_of(activity: Activity) -> Iterator[tuple[str, str]]:
    yield _("Purpose"), str(activity.purpose)
    yield _("Whose data"), ", ".join(map(str, activity.whose))
    if kinds := data_words(activity):
        yield _("Which data"), "; ".join(kinds)
    if activity.about_health:
        yield _("Special categories"), _("Health and social circumstances (article 9)")
    yield _("Lawful basis"), OPEN
    yield _("Who receives them"), str(activity.recipients)
    yield _("How long"), OPEN
    yield _("Fields in the program"), str(sum(kinds_of(activity)[kind] for kind in DataClass))


def security_measures() -> list[str]:
    """What the program does by itself, a sentence each."""
    return [
        _("The database keeps organisations apart by itself, also where a query forgets to."),
        _("Only the teams that help a client see the client; an administrator sees the reference and the team."),
        _("Each look at a client's data is written down in a log that nobody can change unseen."),
        _("Log-ins have a second factor where the organisation asks for it, and end by themselves."),
        _("A device in a client's hands opens that client's form and nothing else."),
        _("Each change keeps what stood there before, with when and by whom."),
        _("Mails and notices hold no word about a client."),
        _("Numbers of few people are hidden in results, and so are those from which they could be worked out."),
    ]
