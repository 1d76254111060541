"""Who is in the demo. Every person is invented; addresses end in .example, which can never exist."""

from dataclasses import dataclass, field

from organisations.models import Country, ServiceKind, usual_language
from organisations.roles import Role

PASSWORD = "prov-medspil-nu"  # noqa: S105  printed for whoever tries the demo
PIN = "246810"


@dataclass(frozen=True)
class Person:
    """A log-in and what it is in one organisation; the same address in two organisations is one person."""

    name: str
    email: str
    role: Role
    teams: tuple[str, ...] = ()


@dataclass(frozen=True)
class TeamOf:
    """A team of a service, how many clients it has besides the named ones, and who is their contact person."""

    service: str
    name: str
    clients: int
    contacts: tuple[str, ...]
    young: bool = False


@dataclass(frozen=True)
class Place:
    """An organisation of the demo."""

    slug: str
    name: str
    country: Country
    time_zone: str
    services: dict[str, ServiceKind]
    teams: tuple[TeamOf, ...]
    people: tuple[Person, ...]
    first_names: str  # apart by spaces
    practice: tuple[str, str]  # reference and label of the client to practise on
    municipality_code: str = ""

    @property
    def language(self) -> str:
        """The code of the language that its pages and its clients' forms speak."""
        return usual_language(self.country)


@dataclass(frozen=True)
class Other:
    """Somebody else who rates a client: the relation, what they are called, the form, a total for each session."""

    relation: str
    label: str
    form: str
    totals: tuple[int | None, ...]


@dataclass(frozen=True)
class Earlier:
    """A course that ended before: totals in tenths, so many days before the present one began, and how it ended."""

    days_before: int
    rhythm: int
    ors: tuple[int, ...]
    srs: tuple[int, ...]
    ending: str


@dataclass(frozen=True)
class Known:
    """A client whose course is told exactly: totals in tenths, the last session `ended_days_ago`."""

    reference: str
    name: str
    birth_year: int
    rhythm: int
    ended_days_ago: int
    ors: tuple[int, ...]
    srs: tuple[int, ...]
    next_in_days: int | None
    next_at: str = ""
    words: dict[int, tuple[str, str]] = field(default_factory=dict)  # session number: after ORS, after SRS
    second_contact: str = "Lars Bech"
    forms: tuple[str, str] = ("ors", "srs")  # the client's own; of one without a score the number of the chosen face
    others: tuple[Other, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    age: int | None = None  # this year, instead of a birth year
    service: str = "Botilbuddet Egegården"
    team: str = "Rødt team"
    contact: str = "Trine Holm"


HOME, RED, BLUE = "Botilbuddet Egegården", "Rødt team", "Blåt team"
PARENTS, YOUTH = "Föräldrateamet", "Ungdomsteamet"

SOLBY = Place(
    slug="solby",
    name="Solby Kommune",
    country=Country.DENMARK,
    time_zone="Europe/Copenhagen",
    services={HOME: ServiceKind.ADULTS},
    teams=(
        TeamOf(HOME, RED, 14, ("Lars Bech", "Trine Holm", "Lars Bech")),
        TeamOf(HOME, BLUE, 18, ("Maja Lindqvist", "Hanne Dam")),
    ),
    people=(
        Person("Trine Holm", "trine@solby.example", Role.PRACTITIONER, (RED,)),
        Person("Lars Bech", "lars@solby.example", Role.PRACTITIONER, (RED,)),
        Person("Hanne Dam", "hanne@solby.example", Role.TEAM_LEAD, (RED, BLUE)),
        Person("Maja Lindqvist", "maja@solby.example", Role.PRACTITIONER, (BLUE,)),
        Person("Birgit Krogh", "birgit@solby.example", Role.ADMIN),
        Person("Ida Ravn", "ida@raadgivning.example", Role.CONSULTANT),
    ),
    first_names=(
        "Aksel Åse Bent Dorthe Egon Freja Gitte Holger Inge Jytte Karl Leila Mogens Nanna Ole "
        "Pernille Rasmus Signe Thor Ulla Viggo Winnie Yusuf Zenia Ælla Øjvind Anker Bodil Carsten "
        "Ditte Erik Fatima"
    ),
    practice=("ØVE-1", "Øveborger"),
    municipality_code="999",
)

BJORKEN = Place(
    slug="bjorken",
    name="Familjecentrum Björken",
    country=Country.SWEDEN,
    time_zone="Europe/Stockholm",
    services={"Föräldrastöd": ServiceKind.ADULTS, "Ungdomsstöd": ServiceKind.CHILDREN},
    teams=(
        TeamOf("Föräldrastöd", PARENTS, 12, ("Elin Åberg", "Maja Lindqvist")),
        TeamOf("Ungdomsstöd", YOUTH, 10, ("Maja Lindqvist", "Elin Åberg"), young=True),
    ),
    people=(
        Person("Elin Åberg", "elin@bjorken.example", Role.TEAM_LEAD, (PARENTS, YOUTH)),
        Person("Maja Lindqvist", "maja@solby.example", Role.PRACTITIONER, (PARENTS, YOUTH)),
        Person("Gustav Ek", "gustav@bjorken.example", Role.ADMIN),
    ),
    first_names=(
        "Alva Åke Björn Cecilia David Ebba Filip Greta Hugo Ida Jasmin Kerstin Linnea Måns Noor "
        "Oskar Petra Samir Tove Ulrik Vera Östen"
    ),
    practice=("ÖVA-1", "Övningsklient"),
)

PLACES = (SOLBY, BJORKEN)
TITLES = {
    Role.PRACTITIONER: "practitioner",
    Role.TEAM_LEAD: "team lead",
    Role.ADMIN: "administrator",
    Role.CONSULTANT: "FIT consultant from outside",
}

# The clients of Trine's Today page, in Rødt team.
KNOWN = (
    Known(
        "N-014",
        "Nils",
        1987,
        14,
        14,
        (142, 150, 178, 169, 204, 226, 241, 263),
        (330, 342, 351, 364, 370, 372, 380, 376),
        0,
        "10:30",
        {
            1: ("Jeg sover ikke, og så går resten i stå.", "Det var meget på én gang."),
            4: ("En dårlig uge. Naboen larmede hver nat.", "Godt, at vi tog en pause midt i."),
            6: (
                "Det går bedre, når jeg ved, hvad der skal ske i morgen.",
                "Vi talte om flytningen. Det var det, jeg gerne ville.",
            ),
            8: (
                "Jeg har været i haven tre dage i træk.",
                "Det var rart at sige det højt, at jeg er nervøs for flytningen.",
            ),
        },
    ),
    Known(
        "M-102",
        "Mette",
        1974,
        7,
        7,
        (172, 168, 160, 151, 139, 128, 114),
        (374, 370, 362, 346, 333, 319, 304),
        0,
        "13:00",
        {
            6: ("Jeg kommer ikke ud af sengen.", "Vi når det ikke, jeg kom for."),
            7: ("Det er ligegyldigt, hvad jeg gør.", "I dag talte vi mest om det, I synes."),
        },
    ),
    Known(
        "A-077",
        "Ahmad",
        1991,
        14,
        23,
        (216, 224, 219, 223, 218, 220),
        (376, 382, 379, 380, 384, 380),
        None,
        words={6: ("Det er, som det plejer.", "Fint nok.")},
    ),
    Known(
        "S-210",
        "Sofie",
        2001,
        7,
        5,
        (275,),
        (398,),
        2,
        "09:00",
        {1: ("Det er min søster, der synes, jeg skal komme.", "Du lyttede.")},
    ),
    Known(
        "J-045",
        "Jonas",
        1996,
        7,
        4,
        (148, 172, 196, 201, 258, 283, 290),
        (352, 368, 374, 378, 380, 384, 382),
        3,
        "14:00",
        {7: ("Jeg er begyndt på værkstedet igen.", "Vi er snart i mål, tror jeg.")},
        earlier=(
            Earlier(250, 14, (162, 158, 171, 149, 155), (301, 322, 318, 296, 305), "unplanned"),
            Earlier(90, 7, (151, 176, 198), (344, 358, 366), "planned"),
        ),
    ),
    Known(
        "K-131",
        "Kirsten",
        1959,
        14,
        17,
        (228, 194, 226, 186, 229, 191),
        (366, 370, 360, 364, 366, 360),
        None,
        words={6: ("Nogle uger er gode. Denne var ikke.", "Det hjælper, at det er den samme, der kommer.")},
    ),
)
