"""The page where an administrator sets the organisation's own log-in up: settings, a try, on and off, what ends."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import etree

from organisations.login.sign_on import fetching
from organisations.login.sign_on.refusals import SENTENCES, Refusal, SignOnRefused
from organisations.login.sign_on.sealing import unseal
from organisations.models import AccessEvent, IdentityProvider, Organisation, Practitioner, SignOn, User
from organisations.periodic import refresh_identity_provider
from organisations.roles import Role
from organisations.services.identity_provider import endings, save_provider, switch
from organisations.services.log_in_rules import emergency_admins, set_rules
from organisations.tenancy.context import tenant
from tests.factories import OrganisationFactory, PractitionerFactory
from tests.identity_providers import SECRET, go_there, key, settings_of, sign_on
from tests.organisations.sign_on.conftest import connect
from tests.people import PASSWORD
from tests.second_factors import App

pytestmark = pytest.mark.django_db
PAGE = reverse("identity-provider")


@pytest.fixture
def admin(ada):
    browser = Browser()
    browser.force_login(ada.user)
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return browser


def typed(provider, kind, **more):
    return {name: value for name, value in settings_of(provider, kind, **more).items() if value is not False}


def stored(house):
    with tenant(house.pk):
        return IdentityProvider.objects.filter(organisation=house).first()


def sign_on_of(house):
    return Organisation.objects.get(pk=house.pk).sign_on


def text(page):
    return page.content.decode()


@pytest.mark.parametrize("kind", ["oidc", "saml"])
def test_it_is_set_up_tried_and_switched_on_in_steps(admin, house, ada, provider, kind):
    assert f"/sign-on/{house.slug}/" in text(admin.get(PAGE))
    saved = admin.post(reverse("identity-provider-edit", args=[kind]), typed(provider, kind))
    assert saved.headers["Location"] == PAGE
    assert "Switch on" not in text(admin.get(PAGE))
    admin.post(reverse("identity-provider-switch"), {"on": "1"})
    assert sign_on_of(house) == SignOn.OFF

    before = User.objects.count()
    onward = text(admin.post(reverse("identity-provider-try")))
    url = re.search(r'class="btn wide" href="([^"]+)"', onward)[1].replace("&amp;", "&")
    assert go_there(url, admin).headers["Location"] == PAGE
    page = text(admin.get(PAGE))
    assert "Everything that is needed came." in page
    assert "medspil-behandler" in page
    assert User.objects.count() == before
    assert admin.session[SESSION_KEY] == str(ada.user.pk)

    admin.post(reverse("identity-provider-switch"), {"on": "1"})
    assert sign_on_of(house) == SignOn.OFFERED
    assert sign_on(Browser(), house.slug).status_code == 302
    with tenant(house.pk):
        assert AccessEvent.objects.filter(action="account.provider_changed").count() == 2


def test_a_try_that_is_not_enough_says_what_is_missing(admin, house, ada, oidc, provider):
    with tenant(house.pk):
        IdentityProvider.objects.update(tried_at=None)
    provider.claims = {"roles": ["somebody"], "acr": None}
    onward = text(admin.post(reverse("identity-provider-try")))
    url = re.search(r'class="btn wide" href="([^"]+)"', onward)[1].replace("&amp;", "&")
    go_there(url, admin)
    assert "Not everything that is needed came." in text(admin.get(PAGE))
    assert stored(house).tried_at is None


def test_the_secret_is_stored_sealed_and_never_shown(admin, house, oidc):
    kept = stored(house)
    assert SECRET not in kept.sealed_secret
    assert unseal(kept.sealed_secret) == SECRET
    assert SECRET not in text(admin.get(reverse("identity-provider-edit", args=["oidc"])))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM information_schema.columns WHERE column_name LIKE 'sealed%%event'")
    from organisations.history.tracking import event_model_of

    columns = {field.name for field in event_model_of(IdentityProvider)._meta.local_fields}
    assert not columns & {"sealed_secret", "sealed_key"}


def test_left_empty_the_secret_stays_and_another_one_has_to_be_tried(admin, house, oidc, provider):
    edit = reverse("identity-provider-edit", args=["oidc"])
    version = re.search(r'name="version" value="([^"]*)"', text(admin.get(edit)))[1]
    admin.post(edit, typed(provider, "oidc", secret="", name="Another name") | {"version": version})
    kept = stored(house)
    assert (kept.name, unseal(kept.sealed_secret)) == ("Another name", SECRET)
    assert kept.tried_at is not None
    version = re.search(r'name="version" value="([^"]*)"', text(admin.get(edit)))[1]
    admin.post(edit, typed(provider, "oidc", secret="the next one", name="Another name") | {"version": version})
    assert unseal(stored(house).sealed_secret) == "the next one"
    assert stored(house).tried_at is None


def test_secrets_outlive_a_new_secret_key(settings, house, saml, oidc):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the next key, long enough", [settings.SECRET_KEY]
    call_command("reseal_second_factors")
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(stored(house).sealed_secret) == SECRET


WRONG = {
    "source_url": {"source_url": "ftp://elsewhere.example/x"},
    "secret": {"secret": ""},
    "application_id": {"application_id": ""},
    "practitioners": {"practitioners": "", "leads": "", "admins": ""},
    "leads": {"leads": "medspil-behandler"},
    "strong_levels": {"strong_levels": "two words"},
    "mail_domains": {"mail_domains": ""},
}


@pytest.mark.parametrize("field", WRONG)
def test_what_would_let_nobody_or_anybody_in_is_refused_beside_its_field(admin, house, provider, field):
    page = admin.post(reverse("identity-provider-edit", args=["oidc"]), typed(provider, "oidc", **WRONG[field]))
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert stored(house) is None


def test_what_is_published_there_has_to_be_that_issuers(admin, house, provider):
    posted = typed(provider, "oidc", issuer="https://login.elsewhere.example")
    page = admin.post(reverse("identity-provider-edit", args=["oidc"]), posted)
    assert str(SENTENCES[Refusal.NOT_FOR_US]) in str(page.context["form"].errors["source_url"]).replace("&#x27;", "'")


def test_metadata_that_has_ended_is_refused(admin, house, provider):
    provider.metadata_ends = "2020-01-01T00:00:00Z"
    page = admin.post(reverse("identity-provider-edit", args=["saml"]), typed(provider, "saml"))
    assert page.status_code == 422


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://10.0.0.1/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest",
        "https://user:word@127.0.0.1/x",
        "http://127.0.0.1/x",
        "file:///etc/hostname",
        "https:///x",
        "nothing",
    ],
)
def test_an_address_of_an_inner_network_is_not_asked(settings, url):
    settings.SIGN_ON_INSIDE_HOSTS = []
    with pytest.raises(SignOnRefused) as refused:
        fetching.fetch(url)
    assert refused.value.reason == Refusal.UNREACHABLE


def test_redirects_are_not_followed(provider, settings):
    settings.SIGN_ON_INSIDE_HOSTS = [urlsplit(provider.url).netloc]
    status, _body = fetching.fetch(
        f"{provider.url}/oidc/authorize?redirect_uri=x&state=x&code_challenge=x&nonce=x&max_age=1"
    )
    assert status == 302


def test_it_says_how_long_certificates_and_secret_last(admin, house, ada, provider):
    provider.certificates = [key("soon", days=9)]
    connect(provider, ada, "saml")
    page = text(admin.get(PAGE))
    assert re.search(r"ends in [89] days", page)
    kept = stored(house)
    assert [one.is_soon for one in endings(kept, timezone.localdate())] == [True, False]
    kept.kind, kept.secret_ends_on = "oidc", timezone.localdate() - timedelta(days=1)
    assert endings(kept, timezone.localdate())[0].days == -1


def test_each_night_the_next_certificate_comes(house, saml, provider):
    provider.certificates = [key("next"), key()]
    refresh_identity_provider()
    assert stored(house).document.count("X509Certificate>") == 4


def test_a_provider_that_is_away_loses_nothing_and_is_said(admin, house, saml, provider):
    known = stored(house).document
    with tenant(house.pk):
        IdentityProvider.objects.update(source_url=f"{provider.url}/saml/gone")
    refresh_identity_provider()
    kept = stored(house)
    assert (kept.document, kept.document_fault) == (known, Refusal.UNREACHABLE)
    assert "could not be fetched anew" in text(admin.get(PAGE))


def test_our_metadata_is_for_the_other_side(browser, house, saml):
    page = browser.get(reverse("sign-on-metadata", args=[house.slug]))
    root = etree.fromstring(page.content)
    assert root.get("entityID") == f"http://localhost:8000/sign-on/{house.slug}/metadata/"
    assert root.get("validUntil") > (timezone.now() + timedelta(days=300)).isoformat()
    assert root.get("cacheDuration") == "P1D"
    assert 'WantAssertionsSigned="true"' in text(page)
    assert f"/sign-on/{house.slug}/acs/" in text(page)
    assert "PRIVATE" not in text(page)


def test_requests_are_signed_where_asked(browser, house, provider, ada):
    connect(provider, ada, "saml", signs_requests=True)
    sign_on(browser, house.slug)
    assert "rsa-sha256" in provider.asked["SigAlg"]
    assert provider.asked["Signature"]
    assert SESSION_KEY in browser.session


def test_the_tries_are_listed_by_reference_without_the_person(admin, house, oidc, provider):
    provider.claims = {"roles": ["x"]}
    page = text(sign_on(Browser(), house.slug))
    reference = re.search(r"[0-9A-F]{4}-[0-9A-F]{4}", page)[0]
    listed = text(admin.get(PAGE))
    assert reference in listed
    assert "gives you no role" in listed
    assert "Eva" not in listed


def test_the_page_needs_as_many_queries_for_one_try_as_for_five(admin, house, oidc, provider):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            admin.get(PAGE)
        return len(seen)

    sign_on(Browser(), house.slug)
    admin.get(PAGE)
    one = queries()
    for _ in range(4):
        sign_on(Browser(), house.slug)
    assert queries() == one


def emergency(ada):
    with tenant(ada.organisation_id):
        return Practitioner.objects.get(pk=ada.pk).is_emergency_admin


def required(ada, **more):
    given = {"requires_second_factor": False, "requires_sign_on": True, "emergency_admin": ada, "by": ada}
    with tenant(ada.organisation_id):
        set_rules(**given | {"used_second_factor": True, "signed_on": False} | more)


def test_requiring_it_needs_an_emergency_administrator_with_a_second_factor(house, oidc, ada):
    with pytest.raises(ValidationError, match="by password"):
        required(ada, emergency_admin=None)
    with pytest.raises(ValidationError, match="second factor"):
        required(ada)
    App(ada.user)
    required(ada)
    assert sign_on_of(house) == SignOn.REQUIRED
    assert emergency(ada)


def test_an_administrator_does_not_lock_themselves_out(house, oidc, ada):
    with tenant(house.pk):
        other = PractitionerFactory(organisation=house, role=Role.ADMIN)
    App(other.user)
    with pytest.raises(ValidationError, match="lock yourself out"):
        required(ada, emergency_admin=other)
    required(ada, emergency_admin=other, signed_on=True)
    assert sign_on_of(house) == SignOn.REQUIRED


def test_the_emergency_administrator_stays_one(house, oidc, ada):
    from organisations.services.departures import deactivate_practitioner

    App(ada.user)
    required(ada)
    with tenant(house.pk):
        named = Practitioner.objects.get(pk=ada.pk)
        with pytest.raises(ValidationError, match="Name somebody else first"):
            deactivate_practitioner(practitioner=named, to=None, by=named)


def test_switched_off_everybody_logs_in_as_before(house, oidc, ada):
    App(ada.user)
    required(ada)
    with tenant(house.pk):
        switch(on=False, by=ada)
    assert sign_on_of(house) == SignOn.OFF
    assert not emergency(ada)


def test_the_rules_page_offers_it_only_while_it_is_on(admin, house, provider, ada):
    assert "requires_sign_on" not in text(admin.get(reverse("log-in-rules")))
    connect(provider, ada, "oidc")
    assert "requires_sign_on" in text(admin.get(reverse("log-in-rules")))


def test_another_organisation_sees_nothing_of_it(house, oidc, dora):
    with tenant(dora.organisation_id):
        assert not IdentityProvider.objects.exists()
        with pytest.raises(IdentityProvider.DoesNotExist):
            switch(on=True, by=dora)


def test_saving_nothing_new_writes_nothing(house, oidc, ada, provider):
    with tenant(house.pk):
        before = AccessEvent.objects.count()
        save_provider(kind="oidc", by=ada, **settings_of(provider, "oidc", secret=""))
        assert AccessEvent.objects.count() == before


def test_only_administrators_of_the_organisation_itself_are_a_choice(house, oidc, ada, ann):
    elsewhere = OrganisationFactory()
    with tenant(elsewhere.pk):
        PractitionerFactory(organisation=elsewhere, role=Role.ADMIN)
    with tenant(house.pk):
        assert list(emergency_admins(ada)) == [ada]
