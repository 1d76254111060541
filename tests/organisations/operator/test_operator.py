"""Whoever runs the installation: how one becomes it, what one does with organisations, and that nothing is seen."""

from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from organisations.access import declared
from organisations.database.rls import is_tenant_model
from organisations.history.tracking import enter
from organisations.jobs.periodic import run_in_each_organisation
from organisations.models import OperatorAct, Organisation, OrganisationState, Outbox, User
from organisations.roles import Role
from organisations.tasks import send_invitation
from organisations.tenancy.context import GLOBAL_TABLES, tenant
from tests.api.asking import mint
from tests.factories import PractitionerFactory
from tests.people import PASSWORD
from tests.route_matrix import HOUSE_WORDS, make_world, named_routes
from tests.second_factors import App, log_in

pytestmark = pytest.mark.django_db
LIST = reverse("operator-organisations")
WALLED = [each for each in apps.get_models() if is_tenant_model(each) and each._meta.db_table not in GLOBAL_TABLES]


def page_of(house):
    return reverse("operator-organisation", args=[house.pk])


def press(browser, name, house, **data):
    return browser.post(reverse(name, args=[house.pk]), data)


def command(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_an_operator_is_made_by_a_command_and_needs_a_second_factor(browser):
    link = command("create_operator", "Olga@example.org").splitlines()[-1].removeprefix("http://localhost:8000")
    asked = browser.get(link, follow=True)
    browser.post(asked.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    olga = User.objects.get(email="olga@example.org")
    assert log_in(browser, olga).status_code == 302
    assert browser.get("/").url == LIST
    assert browser.get(LIST).url == reverse("mfa_index")
    app = App(olga)
    browser.post(reverse("account_logout"))
    log_in(browser, olga)
    browser.post(reverse("mfa_authenticate"), {"code": app.code()})
    assert browser.get(LIST).status_code == 200


def test_nobody_works_in_an_organisation_and_runs_the_installation(ann):
    with pytest.raises(CommandError, match="works in an organisation"):
        command("create_operator", ann.user.email)
    assert not User.objects.get(pk=ann.user_id).is_operator


def test_an_operator_whom_somebody_makes_a_colleague_still_enters_nowhere(as_olga, olga, red_team):
    with tenant(red_team.organisation_id):
        PractitionerFactory(organisation=red_team.organisation, user=olga, teams=[red_team])
    assert as_olga.get(reverse("client-list")).status_code == 403
    assert as_olga.get("/").url == LIST


def test_the_account_is_taken_back_at_once(as_olga, olga):
    command("create_operator", olga.email, "--end")
    assert as_olga.get(LIST).status_code == 302
    with pytest.raises(CommandError, match="No operator"):
        command("create_operator", "nobody@example.org", "--end")


def test_an_organisation_is_made_with_an_invitation(as_olga):
    given = {"name": "Ny Kommune", "slug": "ny", "country": "SE", "admin_email": "chef@example.org"}
    answer = as_olga.post(reverse("operator-organisation-new"), given)
    made = Organisation.objects.get(slug="ny")
    assert answer.url == page_of(made)
    assert (made.language, made.time_zone) == ("sv", "Europe/Stockholm")
    row = Outbox.objects.get(task=send_invitation.name)
    send_invitation(outbox_id=str(row.pk), organisation_id=str(made.pk), object_id=str(row.object_id))
    assert mail.outbox[0].to == ["chef@example.org"]
    assert "Ny Kommune" in as_olga.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"slug": "solsikke"}, "already an organisation"),
        ({"admin_email": "x"}, "valid email"),
        ({"name": " "}, "required"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_made(as_olga, house, wrong, words):
    given = {"name": "Ny", "slug": "ny", "country": "DK", "admin_email": "chef@example.org"} | wrong
    answer = as_olga.post(reverse("operator-organisation-new"), given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Organisation.objects.count() == 1


def test_suspending_ends_log_ins_tokens_and_links_at_once_and_is_undone(
    as_olga, house, ann, ada, django_capture_on_commit_callbacks
):
    here, token = Browser(), mint(ann, scopes=["clients:read"]).secret
    here.force_login(ann.user)
    api = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    clients = reverse("api-client-list")
    assert (here.get(reverse("today")).status_code, Browser().get(clients, **api).status_code) == (200, 200)
    press(as_olga, "operator-suspend", house)
    assert here.get(reverse("today")).url == "/account/login/?why=suspended"
    assert "does not use" in here.get("/account/login/?why=suspended").content.decode()
    assert Browser().get(clients, **api).status_code == 401
    again = Browser()
    log_in(again, ada.user, PASSWORD)
    assert again.get(reverse("people")).status_code == 302
    press(as_olga, "operator-resume", house)
    assert Browser().get(clients, **api).status_code == 200
    here.force_login(ann.user)
    assert here.get(reverse("today")).status_code == 200
    assert list(OperatorAct.objects.order_by("at").values_list("act", flat=True)) == ["suspend", "resume"]


def test_whoever_works_elsewhere_too_goes_on_there(as_olga, house, ann, elsewhere):
    with tenant(elsewhere.pk):
        PractitionerFactory(organisation=elsewhere, user=ann.user)
    browser = Browser()
    browser.force_login(ann.user)
    press(as_olga, "operator-suspend", house)
    assert browser.get(reverse("account")).status_code == 200
    assert elsewhere.name in browser.get(reverse("account")).content.decode()


def test_a_clients_link_says_that_it_is_closed_and_an_answer_on_its_way_is_kept(as_olga):
    world = make_world()
    house = world.people["admin"].organisation
    form = world.url("rating-form")
    assert Browser().get(form).status_code == 200
    press(as_olga, "operator-suspend", house)
    answer = Browser().get(form)
    assert answer.status_code == 403
    assert "This is closed for now" in answer.content.decode()
    assert HOUSE_WORDS not in answer.content.decode()
    marked = {"marks": ["70", "60", "50", "40"], "submission_id": str(world.handed_over.pk)}
    assert Browser().post(form, marked).status_code != 403
    assert Browser().post(world.url("invitation"), {}).status_code == 403


def test_where_it_is_suspended_the_clock_stands_still(as_olga, house, elsewhere):
    press(as_olga, "operator-suspend", house)
    seen = []
    run_in_each_organisation(lambda organisation, now: seen.append(organisation.pk) or 1, timezone.now())
    assert seen == [elsewhere.pk]


def days_ago(house, days):
    OrganisationState.objects.filter(organisation=house).update(suspended_at=timezone.now() - timedelta(days=days))


def ask(browser, house, name=None, password=PASSWORD):
    given = {"name": name or house.name, "password": password}
    return browser.post(reverse("operator-deletion", args=[house.pk]), given)


def test_a_deletion_needs_thirty_days_the_name_and_a_second_person(as_olga, as_otto, house):
    assert ask(as_olga, house).status_code == 422
    press(as_olga, "operator-suspend", house)
    days_ago(house, 29)
    assert "suspended for 30 days" in ask(as_olga, house).content.decode()
    days_ago(house, 31)
    assert "letter by letter" in ask(as_olga, house, name="solsikke").content.decode()
    assert ask(as_olga, house, password="wrong").status_code == 422
    assert ask(as_olga, house).status_code == 302
    assert (
        "A second person has to confirm"
        in as_olga.post(reverse("operator-deletion-confirm", args=[house.pk]), follow=True).content.decode()
    )
    assert "delete_organisation" not in as_olga.get(page_of(house)).content.decode()
    press(as_otto, "operator-deletion-confirm", house)
    assert f"delete_organisation {house.slug}" in as_olga.get(page_of(house)).content.decode()
    press(as_olga, "operator-deletion-withdraw", house)
    assert "delete_organisation" not in as_olga.get(page_of(house)).content.decode()


def test_opening_it_again_forgets_what_was_decided_about_deleting(as_olga, house):
    press(as_olga, "operator-suspend", house)
    days_ago(house, 31)
    ask(as_olga, house)
    press(as_olga, "operator-resume", house)
    state = OrganisationState.objects.get(organisation=house)
    assert (state.deletion_asked_at, state.deletion_asked_by, state.suspended_at) == (None, None, None)


@pytest.fixture
def filled(db):
    """Rows of an organisation in nearly every table."""
    return make_world()


def tables_with_rows():
    return {model._meta.label for model in WALLED if model._default_manager.exists()}


def test_the_database_shows_an_operator_no_row_of_any_organisation(filled):
    with transaction.atomic():
        enter(None, {})  # what a request of an operator runs in
        assert tables_with_rows() == set()
    with tenant(filled.people["admin"].organisation_id):  # the control: there is something to be seen
        assert len(tables_with_rows()) > len(WALLED) / 2


def test_no_request_of_an_operator_reads_a_row_of_an_organisation(filled):
    """Every route that says who of an organisation may use it, asked by an operator: refused before a row is read.

    Even where somebody has entered the operator's account among the people of the organisation.
    """
    here = filled.people["admin"].organisation
    with tenant(here.pk):
        PractitionerFactory(organisation=here, user=filled.people["operator"].user, role=Role.ADMIN)
    browser = filled.browser_of("operator")
    names = {model._meta.db_table for model in WALLED}
    for name, pattern in named_routes():
        if declared(pattern.callback) in ("requires", "for_operators"):
            with connection.execute_wrapper(Watch(names, name)):
                browser.get(filled.url(name))


class Watch:
    """Fails where a statement reads from one of the tables."""

    def __init__(self, tables, route):
        self.tables, self.route = tables, route

    def __call__(self, execute, sql, params, many, context):
        found = [table for table in self.tables if f'FROM "{table}"' in sql]
        assert not found, (self.route, found)
        return execute(sql, params, many, context)
