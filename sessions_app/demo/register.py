"""The demo's register of services: made up, with sums that were published of 2014 to 2016 on its last three years."""

from collections.abc import Iterator, Mapping
from datetime import date
from random import Random

from organisations.models import Country, Practitioner, RegisteredKind
from organisations.municipalities.lists import Municipality, municipalities_of
from organisations.roles import Role
from organisations.services.csv_files import csv_file
from organisations.services.service_register import RegisterLine, import_lines, keep_file

# Years back from this one: services with FIT, those for adults, municipalities, all services.
PUBLISHED = ((2, 13, 8, 12, 4741), (1, 50, 34, 27, 4730), (0, 58, 39, 29, 4784))
FILE_NAMES = {Country.DENMARK: "opdigtet-register.csv", Country.SWEDEN: "påhittat-register.csv"}
COLUMNS = ("year", "municipality_code", "name", "kind", "uses_fit", "services")
UNTOLD = 7  # municipalities of which the first year says nothing


def write_register(people: Mapping[str, Practitioner], today: date) -> None:
    """Import a made-up register as the organisation's administrator; one of a country without a list has none."""
    by = next(one for one in people.values() if one.role == Role.ADMIN)
    lines = list(register_lines(municipalities_of(by.organisation.country), today.year))
    if not lines:
        return
    rows = [
        [str(one.year), one.municipality_code, one.name, one.kind, "yes" if one.uses_fit else "no", str(one.services)]
        for one in lines
    ]
    name = FILE_NAMES[Country(by.organisation.country)]
    kept = keep_file(name=name, content=csv_file([COLUMNS, *rows]), by=by)
    import_lines(register_import=kept, lines=lines, by=by)


def register_lines(municipalities: tuple[Municipality, ...], this_year: int) -> Iterator[RegisterLine]:
    """Services with FIT by name, the others as numbers of each municipality."""
    if not municipalities:
        return
    draw = Random(16)  # noqa: S311  the same for everybody
    order = draw.sample(municipalities, len(municipalities))
    for back, with_fit, adults, places, services in PUBLISHED:
        year = this_year - back
        here = order[:places] + draw.choices(order[:places], k=with_fit - places)
        for number, one in enumerate(here):
            kind = RegisteredKind.ADULTS if number < adults else RegisteredKind.CHILDREN
            name = f"{one.name} {number + 1}"
            yield RegisterLine(year, one.code, one.name, kind, name, uses_fit=True)
        known = order[: len(order) - (UNTOLD if back == 2 else 0)]
        each, left = divmod(services - with_fit, len(known))
        for number, one in enumerate(known):
            yield RegisterLine(year, one.code, one.name, "", "", uses_fit=False, services=each + (number < left))
