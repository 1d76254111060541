"""The organisation's own services as a file of a register: FIT is used in a year in which a client filled in an ORS."""

from django.db.models import Exists, OuterRef
from django.db.models.functions import ExtractYear

from clients.models import Client, ConsentPurpose
from clients.models.lawful_grounds import Content
from clients.services.consents import clients_to_share
from organisations.audit.record import record_access
from organisations.models import Practitioner, Service
from organisations.municipalities.lists import municipalities_of, municipality_called
from organisations.services.csv_files import csv_file
from organisations.services.local_day import today_in
from reports.spread.columns import FIT, KIND, MUNICIPALITY_CODE, NAME, YEAR
from sessions_app.measures.instruments.form_key import OUTCOME
from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.models import Rating, Session


def own_services_file(by: Practitioner) -> bytes:
    """A line for each service and year, from the year of the first ORS until this one: yes or no, and no number."""
    record_access("service_register.own", (), typed="services")
    used = set(services_with_ors(by))
    this_year = today_in(by.organisation).year
    first = min((year for _service, year in used), default=this_year)
    country = by.organisation.country
    services = list(Service.objects.visible_to(by).order_by("name", "pk"))
    # Read here again, and never opened as a spreadsheet: the names stay as they are.
    rows = [
        [str(year), _code_of(one, country), one.name, one.kind, "yes" if (one.pk, year) in used else "no"]
        for year in range(first, this_year + 1)
        for one in services
    ]
    return csv_file([[YEAR, MUNICIPALITY_CODE, NAME, KIND, FIT], *rows])


def _code_of(service: Service, country: str) -> str:
    """Where a service is; "" for a code that is not in the country's list, since nobody can mend this file."""
    code = service.municipality_code
    return code if not municipalities_of(country) or municipality_called(country, code) else ""


def services_with_ors(by: Practitioner):
    """(service, year) with an ORS of somebody whose marks may be counted; practice clients are not."""
    clients = Client.objects.visible_to(by).filter(is_practice=False)
    counted = clients_to_share(clients, ConsentPurpose.STATISTICS, Content.MARKS, by.organisation)
    outcome = [one.key for one in FAMILY.values() if one.part == OUTCOME]
    answered = Rating.objects.filter(session=OuterRef("pk"), superseded_by=None, instrument__in=outcome)
    sessions = Session.objects.valid().filter(Exists(answered), client__in=counted)
    return sessions.annotate(year=ExtractYear("held_on")).values_list("episode__service", "year").distinct()
