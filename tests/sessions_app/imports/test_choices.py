"""The mapping step: what the columns of a file mean, what its names and words mean, and what is remembered."""

import io

import pytest
from django.urls import reverse
from openpyxl import Workbook

from clients.models import Client
from organisations.models import Practitioner
from organisations.tenancy.context import tenant
from sessions_app.imports.columns import ORS_MARKS
from sessions_app.imports.guesses import guesses
from sessions_app.imports.sample import sample_file
from sessions_app.models import ImportStep, Session, SessionImport
from tests.factories import ClientFactory
from tests.saving import form_on
from tests.sessions_app.imports.test_pages import admin as admin  # the fixture
from tests.sessions_app.imports.test_pages import send, sessions

pytestmark = pytest.mark.django_db
AS_PEOPLE_HAVE_IT = (
    "Borgernr;Dato;Tilbud;Gruppe;Medarb.;Fremmøde;ORS1;ORS2;ORS3;ORS4;Sum;SRStot;Bem.\r\n"
    "00417;03-09-2024;Bosted;Rød;Ann Holm;mødt;6,4;5,1;7;5,8;24,3;37,5;ringede selv\r\n"
    "417;17-09-2024;Bosted;Blå;LB;kom for sent;;;;;26,10;33,40;\r\n"
    "00388;17-09-2024;Bosted;Rød;Ann Holm;afbud;;;;;;;\r\n"
).encode()


@pytest.fixture
def upload(house):
    """The last upload as it is stored."""

    def stored():
        with tenant(house.pk):
            return SessionImport.objects.order_by("-created_at").first()

    return stored


def choose(admin, path, **said):
    """Answer the mapping step: what stands on the page, with these changes; returns the page that follows."""
    filled = {name: values[-1] for name, values in form_on(admin, f"{path}choices/", page=path).items() if values}
    return admin.post(f"{path}choices/", filled | said, follow=True).content.decode()


def test_columns_of_other_names_are_guessed_and_shown_with_examples(admin, ann, upload):
    page, _ = send(admin, AS_PEOPLE_HAVE_IT)
    assert "2 sessions can be imported" in page
    assert "9 columns are guessed. Do they fit?" in page
    outline = upload().report["outline"]
    found = dict(zip(outline["header"], zip(outline["columns"], outline["how"], strict=True), strict=True))
    assert found["Borgernr"] == ("client_reference", "guessed")
    assert found["Dato"] == ("held_on", "known")
    assert found["Gruppe"] == ("team", "guessed")
    assert found["Medarb."] == ("practitioner", "guessed")
    assert found["ORS1"] == ("ors_1", "guessed")
    assert found["Sum"] == ("ors_total", "guessed")
    assert found["SRStot"] == ("srs_total", "guessed")
    assert found["Bem."] == ("", "left_out")
    assert "03-09-2024" in page
    assert "ringede selv" in page  # an example of what is not used


def test_a_guess_can_be_corrected(admin, house):
    _, path = send(admin, "borger;dato;Gruppe\nA;2026-01-05;Rød\n".encode())
    choose(admin, path, column2="service")
    admin.post(f"{path}confirm/")
    with tenant(house.pk):
        session = Session.objects.get()
        assert session.episode.service.name == "Rød"
        assert not session.client.teams.exists()


def test_a_file_without_a_known_column_is_asked_about_and_then_read(admin, house, upload):
    page, path = send(admin, b"Hvem;Hvornaar;Tal\nA;2026-01-05;20\n")
    assert "What do the columns mean?" in page
    assert upload().step == ImportStep.ASKING
    answer = admin.post(f"{path}choices/", {"column0": "client_reference", "column1": "client_reference"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Another column has this meaning already." in page
    assert "Say which column is “Date of the session”." in page
    page = choose(admin, path, column0="client_reference", column1="held_on", column2="ors_total")
    assert "1 session can be imported" in page
    assert sessions(house) == 0


def test_what_was_chosen_is_remembered_for_the_next_file_where_it_is_wanted(admin, upload):
    file = b"Hvem;Hvornaar\nA;2026-01-05\n"
    _, path = send(admin, file)
    choose(admin, path, column0="client_reference", column1="held_on", remember="")
    page, path = send(admin, file)
    assert "What do the columns mean?" in page
    choose(admin, path, column0="client_reference", column1="held_on", remember="on")
    page, _ = send(admin, file)
    assert "1 session can be imported" in page
    assert "as last time" in page
    assert upload().report["outline"]["how"] == ["remembered", "remembered"]


def test_what_one_organisation_chose_is_not_remembered_in_another(admin, house, elsewhere_admin):
    file = b"Hvem;Hvornaar\nA;2026-01-05\n"
    _, path = send(admin, file)
    choose(admin, path, column0="client_reference", column1="held_on")
    admin.force_login(elsewhere_admin.user)
    assert "What do the columns mean?" in send(admin, file)[0]


@pytest.fixture
def elsewhere_admin(db):
    from tests.factories import OrganisationFactory, PractitionerFactory

    house = OrganisationFactory()
    with tenant(house.pk):
        return PractitionerFactory(organisation=house, role="admin")


def test_names_and_words_that_nobody_knows_are_asked_about(admin, house, ann):
    page, path = send(admin, AS_PEOPLE_HAVE_IT)
    assert "“LB” is not an e-mail address, and nobody here has that name." in page
    assert "Who are they?" in page
    page = choose(admin, path, person0="name:LB")
    assert "“kom for sent” is not a word for attendance" in page
    page = choose(admin, path, word0="attended")
    assert "3 sessions can be imported" in page
    admin.post(f"{path}confirm/")
    with tenant(house.pk):
        by_name = {one.practitioner.name: one for one in Session.objects.select_related("practitioner")}
        assert set(by_name) == {"Ann Holm", "LB"}
        assert by_name["LB"].attendance == "attended"
        left = Practitioner.objects.get(name="LB")
        assert (left.user, left.email, left.is_active) == (None, "", False)
    page, _ = send(admin, AS_PEOPLE_HAVE_IT)
    assert "There is nothing new in this file" in page


def test_a_name_is_matched_by_hand(admin, house, ann):
    _, path = send(admin, b"borger;dato;behandler\nA;2026-01-05;AH\n")
    choose(admin, path, person0=ann.user.email.lower())
    admin.post(f"{path}confirm/")
    with tenant(house.pk):
        assert Session.objects.get().practitioner == ann


def test_the_order_of_dates_is_asked_about(admin, house):
    page, path = send(admin, b"borger;dato\nA;05/12/2025\nB;12/13/2025\n")
    assert "No line of this file can be imported" in page
    assert "“05/12/2025” could be two days" in page
    page = choose(admin, path, date_order="month")
    assert "2 sessions can be imported" in page
    admin.post(f"{path}confirm/")
    with tenant(house.pk):
        days = sorted(str(day) for day in Session.objects.values_list("held_on", flat=True))
        assert days == ["2025-05-12", "2025-12-13"]


def test_look_alikes_are_kept_apart_or_put_together_as_somebody_says(admin, house):
    with tenant(house.pk):
        ClientFactory(organisation=house, reference="00417")
    file = b"borger;dato;ors_total\n417;2026-01-05;20\nA-9;2026-01-05;20\nA9;2026-01-12;20\n"
    page, path = send(admin, file)
    assert "The client “417” looks like “00417”, who is here already." in page
    assert "The client “A9” looks like “A-9”, which is in the file too." in page
    page = choose(admin, path, alike0="same")
    assert "looks like “00417”" not in page
    admin.post(f"{path}confirm/")
    with tenant(house.pk):
        found = {client.reference: client.sessions.count() for client in Client.objects.all()}
        assert found == {"00417": 1, "A-9": 1, "A9": 1}


def test_the_page_says_what_would_be_created(admin, ann):
    page, _ = send(admin, AS_PEOPLE_HAVE_IT)
    assert "What will be created" in page
    for words in ("Bosted: Rød", "00417, 00388"):
        assert words in page


def test_a_refused_line_can_be_opened(admin):
    page, _ = send(admin, AS_PEOPLE_HAVE_IT)
    assert 'id="line-3"' in page
    assert "The line as it stands in the file" in page


def test_of_several_sheets_one_is_chosen(admin, house):
    book = Workbook()
    for title, who in ((book.active.title, "A-1"), ("2025", "A-2")):
        sheet = book[title] if title in book.sheetnames else book.create_sheet(title)
        sheet.append(["borger", "dato"])
        sheet.append([who, "2026-01-05"])
    raw = io.BytesIO()
    book.save(raw)
    page, path = send(admin, raw.getvalue(), name="sessions.xlsx")
    assert "2025" in page
    page = choose(admin, path, sheet="2025")
    assert "1 session can be imported" in page
    admin.post(f"{path}confirm/")
    with tenant(house.pk):
        assert Client.objects.get().reference == "A-2"


def test_a_discarded_file_is_asked_about_no_more(admin, upload):
    _, path = send(admin, b"Hvem;Hvornaar\nA;2026-01-05\n")
    admin.post(f"{path}discard/")
    assert (upload().step, upload().content) == (ImportStep.DISCARDED, None)
    answer = admin.post(f"{path}choices/", {"column0": "client_reference", "column1": "held_on"}, follow=True)
    assert "not waiting" in answer.content.decode()


@pytest.mark.parametrize("language", ["da", "sv", "nb", "en"])
def test_the_sample_file_can_be_imported_as_it_is(admin, house, language):
    page, path = send(admin, sample_file(language))
    assert "4 sessions can be imported" in page
    assert 'id="refused"' not in page
    admin.post(f"{path}confirm/")
    assert sessions(house) == 4


def test_the_sample_file_is_downloaded(admin):
    answer = admin.get(reverse("import-sample"))
    assert answer.content.startswith(b"\xef\xbb\xbfclient_reference;")
    assert "past-sessions.csv" in answer["Content-Disposition"]


# Guesses


OPENFIT = (
    "Service_Location,Provider_Email,Provider_FirstName,Client_ID,Client_Gender,Case_ID,Case_Date,Session_ID,"
    "Session_Date,ORS_Skip,ORSQ1,ORSQ2,ORSQ3,ORSQ4,Total_ORS,SRS_Skip,SRSQ1,SRSQ2,SRSQ3,SRSQ4,Total_SRS"
)


def test_the_import_format_that_openfit_publishes_is_known():
    header = OPENFIT.split(",")
    found = dict(zip(header, (guess.column for guess in guesses(header, {})), strict=True))
    assert [name for name, column in found.items() if not column] == [
        *("Provider_FirstName", "Client_Gender", "Case_Date", "Session_ID"),
    ]
    assert (found["Client_ID"], found["Case_ID"], found["Session_Date"]) == ("client_reference", "episode", "held_on")
    assert [found[f"ORSQ{place}"] for place in range(1, 5)] == list(ORS_MARKS)
    assert (found["Total_SRS"], found["ORS_Skip"]) == ("srs_total", "ors_skip")


def test_a_form_that_was_skipped_has_no_marks_whatever_stands_in_its_cells(admin, house):
    lines = (
        "North,ann@example.org,A,C1,x,1,2026-01-05,1,2026-01-05,1,0,0,0,0,0,0,9,9,9,8,",
        "North,ann@example.org,A,C1,x,1,2026-01-05,2,2026-01-12,0,,,,,21.5,Y,,,,,0",
    )
    page, path = send(admin, "\n".join([OPENFIT, *lines]).encode())
    assert "2 sessions can be imported" in page
    admin.post(f"{path}confirm/")
    with tenant(house.pk):
        held = Session.objects.order_by("held_on")
        found = [{one.instrument: one.total for one in session.ratings.all()} for session in held]
        assert found == [{"srs": 350}, {"ors": 215}]


def test_no_column_is_guessed_twice():
    found = [guess.column for guess in guesses(["Borgernr", "borger", "Klient", "Dato", "Sum"], {})]
    assert found == ["", "client_reference", "", "held_on", ""]


def test_what_was_changed_on_the_page_is_checked_again_before_it_is_imported(admin, house):
    _, path = send(admin, "borger;dato;Gruppe\nA;2026-01-05;Rød\n".encode())
    shown = {name: values[-1] for name, values in form_on(admin, f"{path}choices/", page=path).items() if values}
    page = admin.post(f"{path}confirm/", shown | {"column2": "service"}, follow=True).content.decode()
    assert "You have changed what the columns mean" in page
    assert "1 session can be imported" in page
    assert sessions(house) == 0
    assert admin.post(f"{path}confirm/", shown | {"column2": "held_on"}).status_code == 422
    admin.post(f"{path}confirm/", shown | {"column2": "service"})
    with tenant(house.pk):
        assert Session.objects.get().episode.service.name == "Rød"
