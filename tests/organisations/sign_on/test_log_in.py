"""Honest answers: who comes in, as whom, with which role, and what that log-in opens."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from organisations.login.sign_on.refusals import Refusal
from organisations.models import (
    AccessEvent,
    IdentityProvider,
    Practitioner,
    SignOn,
    SignOnAttempt,
    SignOnIdentity,
    User,
)
from organisations.roles import Role
from organisations.services.invitations import create_invitation_link
from organisations.services.password_reset import send_reset
from organisations.services.sign_on import forget_attempts
from organisations.tasks import send_password_reset
from organisations.tenancy.context import tenant
from tests.factories import OrganisationFactory, PractitionerFactory, UserFactory
from tests.identity_providers import STRONG, UID, WEAK, go_there, key, open_at, sign_on
from tests.organisations.sign_on.conftest import connect
from tests.people import PASSWORD
from tests.second_factors import App

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["oidc", "saml"])
def connection(request, provider, ada):
    """Both ways: what is said of people holds for each."""
    return connect(provider, ada, request.param)


def everybody(house):
    with tenant(house.pk):
        return list(Practitioner.objects.select_related("user").order_by("name"))


def eva_of(house):
    with tenant(house.pk):
        return Practitioner.objects.select_related("user", "organisation").get(user__signs_on_in=house)


def outcome_of(house):
    with tenant(house.pk):
        return SignOnAttempt.objects.order_by("-began_at").first().outcome


def tied(practitioner, provider, kind="oidc", uid=UID):
    with tenant(practitioner.organisation_id):
        SignOnIdentity.objects.create(
            organisation=practitioner.organisation, practitioner=practitioner, issuer=f"{provider.url}/{kind}", uid=uid
        )
        practitioner.user.signs_on_in = practitioner.organisation
        practitioner.user.save()


def say(provider, **claims):
    """The same by both ways."""
    provider.claims |= claims
    names = {"email": "mail"}
    attributes = {"cvr": ["29189374"], "roles": ["medspil-behandler"], "mail": ["eva@solsikke.example"]}
    for name, value in claims.items():
        if name == "acr":
            provider.told |= {"context": value}
        elif name == "sub":
            provider.told |= {"uid": value}
        else:
            attributes[names.get(name, name)] = value if isinstance(value, list) else [value]
    provider.told |= {"attributes": attributes}


def test_somebody_new_with_a_role_gets_an_account_in_no_team(browser, house, connection, provider):
    page = sign_on(browser, house.slug)
    eva = eva_of(house)
    assert page.headers["Location"] == reverse("home")
    assert browser.session[SESSION_KEY] == str(eva.user.pk)
    assert (eva.role, eva.email) == (Role.PRACTITIONER, "eva@solsikke.example")
    assert not eva.user.has_usable_password()
    with tenant(house.pk):
        assert not eva.teams.exists()
        said = list(AccessEvent.objects.order_by("seq").values_list("action", "purpose"))
    assert ("account.sign_on_admitted", "") in said
    assert ("account.login", "sign_on") in said
    assert browser.get(reverse("today")).status_code == 200


def test_the_next_time_it_is_the_same_person_whatever_name_and_address_come(browser, house, connection, provider):
    sign_on(browser, house.slug)
    eva, many = eva_of(house), len(everybody(house))
    say(provider, name="Eva Holm", email="somebody.else@elsewhere.example")
    other = Browser()
    sign_on(other, house.slug)
    assert other.session[SESSION_KEY] == str(eva.user.pk)
    assert len(everybody(house)) == many


def test_an_address_ties_nobody(browser, house, connection, provider, ann):
    with tenant(house.pk):
        Practitioner.objects.filter(pk=ann.pk).update(email="eva@solsikke.example")
    assert sign_on(browser, house.slug).status_code == 403
    assert outcome_of(house) == Refusal.ADDRESS_TAKEN
    assert SESSION_KEY not in browser.session


def test_an_address_of_an_account_elsewhere_ties_nobody(browser, house, connection, provider):
    UserFactory(email="eva@solsikke.example")
    assert sign_on(browser, house.slug).status_code == 403
    assert outcome_of(house) == Refusal.ADDRESS_TAKEN


def test_nobody_new_comes_in_where_only_the_invited_may(browser, house, connection, provider):
    with tenant(house.pk):
        IdentityProvider.objects.update(admits_new=False)
    assert sign_on(browser, house.slug).status_code == 403
    assert outcome_of(house) == Refusal.UNKNOWN
    assert not User.objects.filter(signs_on_in=house).exists()


def test_the_same_name_of_another_issuer_is_somebody_else(browser, house, oidc, provider, ann):
    with tenant(house.pk):
        SignOnIdentity.objects.create(
            organisation=house, practitioner=ann, issuer="https://login.elsewhere.example", uid=UID
        )
    sign_on(browser, house.slug)
    assert browser.session[SESSION_KEY] != str(ann.user.pk)


def test_the_same_name_in_another_organisation_is_somebody_else(browser, house, oidc, provider, ann):
    tied(ann, provider)
    other = OrganisationFactory(name="Kastanje", slug="kastanje", sign_on=SignOn.OFFERED)
    with tenant(other.pk):
        admin = PractitionerFactory(organisation=other, role=Role.ADMIN)
    connect(provider, admin, "oidc", number_value="99999999")
    assert sign_on(browser, "kastanje").status_code == 403
    provider.claims = {"cvr": "99999999"}
    sign_on(browser, "kastanje")
    assert browser.session[SESSION_KEY] != str(ann.user.pk)
    assert "kastanje" in {one.slug for one in [eva_of(other).organisation]}


@pytest.mark.parametrize("how", ["inactive", "over", "user"])
def test_somebody_whose_access_has_ended_stays_out(browser, house, connection, provider, ann, how):
    tied(ann, provider, connection.kind)
    with tenant(house.pk):
        if how == "inactive":
            Practitioner.objects.filter(pk=ann.pk).update(is_active=False)
        elif how == "over":
            Practitioner.objects.filter(pk=ann.pk).update(access_until="2020-01-01")
        else:
            User.objects.filter(pk=ann.user.pk).update(is_active=False)
    assert sign_on(browser, house.slug).status_code == 403
    assert outcome_of(house) == Refusal.CLOSED
    assert SESSION_KEY not in browser.session


def test_the_role_follows_the_provider(browser, house, connection, provider, ann):
    tied(ann, provider, connection.kind)
    say(provider, roles=["medspil-leder"])
    sign_on(browser, house.slug)
    assert next(one for one in everybody(house) if one.pk == ann.pk).role == Role.TEAM_LEAD


def test_two_roles_of_one_line_make_a_lead(browser, house, connection, provider, ann):
    tied(ann, provider, connection.kind)
    say(provider, roles=["medspil-behandler", "medspil-leder"])
    sign_on(browser, house.slug)
    assert next(one for one in everybody(house) if one.pk == ann.pk).role == Role.TEAM_LEAD


def test_a_role_that_does_not_go_with_ones_clients_lets_nobody_in(browser, house, connection, provider, ann, nils):
    tied(ann, provider, connection.kind)
    with tenant(house.pk):
        nils.contact = ann
        nils.save()
        nils.episodes.update(contact=ann) if hasattr(nils.episodes.model, "contact") else None
    say(provider, roles=["medspil-admin"])
    page = sign_on(browser, house.slug)
    assert page.status_code == 403
    assert outcome_of(house) == Refusal.ROLE_CHANGED
    assert next(one for one in everybody(house) if one.pk == ann.pk).role == Role.PRACTITIONER


def test_a_strong_level_counts_as_second_factor_and_a_weak_one_does_not(browser, house, connection, provider):
    with tenant(house.pk):
        IdentityProvider.objects.update(weak_levels=[WEAK])
    house.requires_second_factor = True
    house.sign_on = SignOn.OFFERED
    house.save()
    sign_on(browser, house.slug)
    assert browser.get(reverse("today")).status_code == 200
    say(provider, acr=WEAK)
    other = Browser()
    sign_on(other, house.slug)
    assert other.get(reverse("today")).headers["Location"] == reverse("mfa_index")


def test_a_weak_level_asks_for_the_factor_that_somebody_has(browser, house, connection, provider, ann):
    with tenant(house.pk):
        IdentityProvider.objects.update(weak_levels=[WEAK])
    tied(ann, provider, connection.kind)
    app = App(ann.user)
    say(provider, acr=WEAK)
    page = sign_on(browser, house.slug)
    assert page.headers["Location"] == reverse("mfa_authenticate")
    assert SESSION_KEY not in browser.session
    browser.post(reverse("mfa_authenticate"), {"code": app.code()})
    assert browser.session[SESSION_KEY] == str(ann.user.pk)
    say(provider, acr=STRONG)
    other = Browser()
    sign_on(other, house.slug)
    assert other.session[SESSION_KEY] == str(ann.user.pk)


def test_a_log_in_by_one_organisations_provider_opens_no_other(browser, house, oidc, provider, ann):
    """Also where rows say that one account works in both."""
    tied(ann, provider)
    other = OrganisationFactory(name="Kastanje", slug="kastanje")
    with tenant(other.pk):
        there = PractitionerFactory(organisation=other, user=ann.user, name="Ann there")
    sign_on(browser, house.slug)
    assert browser.get(reverse("today")).status_code == 200
    assert browser.post(reverse("organisation-switch"), {"practitioner": str(there.pk)}).status_code == 404
    by_password = Browser()
    by_password.force_login(ann.user)
    assert by_password.post(reverse("organisation-switch"), {"practitioner": str(there.pk)}).status_code == 302


def test_an_account_of_a_provider_accepts_no_invitation_elsewhere(browser, house, oidc, provider, ann):
    tied(ann, provider)
    other = OrganisationFactory(name="Kastanje", slug="kastanje")
    with tenant(other.pk):
        invited = PractitionerFactory(organisation=other, user=None, name="Ann", email=ann.user.email)
        link = create_invitation_link(practitioner=invited).removeprefix(settings.SITE_URL)
    page = browser.post(link, {"name": "Ann", "language": "en", "password": PASSWORD})
    assert page.status_code == 422
    assert "another organisation" in page.content.decode()


def test_switched_off_it_opens_nothing_and_what_it_opened_is_over(browser, house, connection, provider):
    sign_on(browser, house.slug)
    house.sign_on = SignOn.OFF
    house.save()
    assert "why=sign_on" in browser.get(reverse("today")).headers["Location"]
    assert sign_on(Browser(), house.slug).status_code == 403


def test_where_it_is_required_a_password_opens_for_the_emergency_administrator_alone(browser, house, oidc, ann, ada):
    house.sign_on = SignOn.REQUIRED
    house.save()
    with tenant(house.pk):
        Practitioner.objects.filter(pk=ada.pk).update(is_emergency_admin=True)
    browser.force_login(ann.user)
    gone = browser.get(reverse("today"))
    assert gone.headers["Location"].endswith("?why=sign_on")
    assert "by its own log-in" in browser.get(gone.headers["Location"]).content.decode()
    browser.force_login(ada.user)
    assert browser.get(reverse("people")).status_code == 200


def test_the_question_asks_for_everything_that_is_looked_at(browser, house, oidc, provider):
    begun = browser.get(reverse("sign-on", args=[house.slug]))
    asked = {name: value[0] for name, value in parse_qs(urlsplit(begun.headers["Location"]).query).items()}
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43
    assert len(asked["nonce"]) >= 43
    assert len(asked["state"]) >= 43
    assert asked["acr_values"] == STRONG
    assert asked["max_age"] == "3600"
    assert asked["redirect_uri"] == f"{settings.SITE_URL}/sign-on/{house.slug}/answer/"
    again = parse_qs(urlsplit(browser.get(reverse("sign-on", args=[house.slug])).headers["Location"]).query)
    assert again["nonce"][0] != asked["nonce"]
    assert again["state"][0] != asked["state"]


def test_the_question_of_saml_asks_for_the_level_and_a_lasting_name(browser, house, saml, provider):
    sign_on(browser, house.slug)
    assert STRONG in provider.last_xml
    assert "nameid-format:persistent" in provider.last_xml
    assert "ForceAuthn" not in provider.last_xml
    assert urlsplit(f"{provider.url}/saml/sso?a=1&b=2").query in "a=1&b=2"
    assert 'Destination="' + provider.url + '/saml/sso?a=1&amp;b=2"' in provider.last_xml


def test_after_a_log_out_the_provider_is_to_ask_anew(browser, house, connection, provider):
    sign_on(browser, house.slug)
    browser.post(reverse("account_logout"))
    sign_on(browser, house.slug)
    assert provider.asked.get("prompt") == "login" or 'ForceAuthn="true"' in provider.last_xml
    assert SESSION_KEY in browser.session
    browser.post(reverse("account_logout"))
    provider.claims = {"auth_time": int(timezone.now().timestamp()) - 300}
    provider.told = {"logged_in": (timezone.now() - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")}
    assert sign_on(browser, house.slug).status_code == 403
    assert outcome_of(house) == Refusal.OLD_LOG_IN


def test_an_answer_counts_once(browser, house, oidc, provider):
    begun = browser.get(reverse("sign-on", args=[house.slug]))
    back = open_at(begun.headers["Location"])[1]["Location"].removeprefix(settings.SITE_URL)
    assert browser.get(back).status_code == 302
    browser.post(reverse("account_logout"))
    assert browser.get(back).status_code == 403
    assert SESSION_KEY not in browser.session


def test_an_answer_counts_in_the_browser_that_asked(browser, house, oidc, provider):
    begun = browser.get(reverse("sign-on", args=[house.slug]))
    back = open_at(begun.headers["Location"])[1]["Location"].removeprefix(settings.SITE_URL)
    thief = Browser()
    thief.get(reverse("sign-on", args=[house.slug]))
    assert thief.get(back).status_code == 403
    assert SESSION_KEY not in thief.session


def test_a_saml_answer_counts_in_the_browser_that_asked(browser, house, saml, provider):
    begun = browser.get(reverse("sign-on", args=[house.slug]))
    thief = Browser()
    thief.get(reverse("sign-on", args=[house.slug]))
    assert go_there(begun.headers["Location"], thief).status_code == 403
    assert SESSION_KEY not in thief.session


def test_a_saml_answer_is_taken_once_even_for_two_questions(browser, house, saml, provider):
    provider.told = {"assertion_id": "_the-same"}
    sign_on(browser, house.slug)
    other = Browser()
    assert sign_on(other, house.slug).status_code == 403
    assert outcome_of(house) == Refusal.USED
    assert SESSION_KEY not in other.session


def test_a_saml_answer_without_its_question_is_not_even_kept(browser, house, saml, provider):
    posted = {"SAMLResponse": "PGEvPg==", "RelayState": "nobody-asked"}
    assert browser.post(reverse("sign-on-acs", args=[house.slug]), posted).status_code == 403
    with tenant(house.pk):
        assert not SignOnAttempt.objects.exists()


def test_a_question_waits_ten_minutes(browser, house, oidc, provider):
    begun = browser.get(reverse("sign-on", args=[house.slug]))
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert go_there(begun.headers["Location"], browser).status_code == 403
    assert SESSION_KEY not in browser.session


def test_a_code_without_its_verifier_is_nothing_to_the_provider(browser, house, oidc, provider):
    """The control of PKCE: the provider of these tests refuses a wrong verifier."""
    begun = browser.get(reverse("sign-on", args=[house.slug]))
    code = parse_qs(urlsplit(open_at(begun.headers["Location"])[1]["Location"]).query)["code"][0]
    basic = "Basic bWVkc3BpbC1jbGllbnQ6YS1zZWNyZXQtb2YtdGhlLXRlc3Rz"
    sent = {"code": code, "redirect_uri": provider.codes[code]["redirect_uri"], "code_verifier": "guessed"}
    assert provider.token(basic, sent) is None


def test_new_keys_of_the_provider_are_fetched_once(browser, house, oidc, provider):
    provider.keys = [("two", key("second"))]
    provider.forge = lambda claims: provider.signed(claims, by=key("second"), kid="two")
    assert sign_on(browser, house.slug).status_code == 403  # it was asked a moment ago
    with tenant(house.pk):
        IdentityProvider.objects.update(document_at=timezone.now() - timedelta(minutes=5))
    assert sign_on(browser, house.slug).status_code == 302


def test_at_a_rollover_both_certificates_hold(browser, house, provider, ada):
    provider.certificates = [key("next"), key()]
    connect(provider, ada, "saml")
    assert sign_on(browser, house.slug).status_code == 302
    provider.told = {"signed_by": key("next")}
    assert sign_on(Browser(), house.slug).status_code == 302


def test_a_comment_in_the_name_cuts_nothing_off(browser, house, saml, provider):
    provider.after = lambda xml: xml.replace(UID, "b7a1f0c2<!-- cut -->-lasting")
    sign_on(browser, house.slug)
    with tenant(house.pk):
        assert SignOnIdentity.objects.get().uid == UID


def test_somebody_invited_is_tied_by_the_link(browser, house, connection, provider):
    with tenant(house.pk):
        invited = PractitionerFactory(organisation=house, user=None, name="Eva F", email="eva@private.example")
        link = create_invitation_link(practitioner=invited).removeprefix(settings.SITE_URL)
    page = browser.get(link)
    assert f"{link}sign-on/" in page.content.decode()
    onward = browser.get(f"{link}sign-on/").content.decode()
    url = re.search(r'class="btn wide" href="([^"]+)"', onward)[1].replace("&amp;", "&")
    assert go_there(url, browser).status_code == 302
    eva = eva_of(house)
    assert (eva.pk, eva.user.email) == (invited.pk, "eva@private.example")
    assert browser.session[SESSION_KEY] == str(eva.user.pk)
    assert browser.get(link).status_code == 410


def test_an_invitation_does_not_take_a_log_in_that_is_somebody_elses(browser, house, oidc, provider, ann):
    tied(ann, provider)
    with tenant(house.pk):
        invited = PractitionerFactory(organisation=house, user=None, name="Eva F", email="eva@private.example")
        link = create_invitation_link(practitioner=invited).removeprefix(settings.SITE_URL)
    onward = browser.get(f"{link}sign-on/").content.decode()
    url = re.search(r'class="btn wide" href="([^"]+)"', onward)[1].replace("&amp;", "&")
    assert go_there(url, browser).status_code == 403
    assert outcome_of(house) == Refusal.UID_TAKEN


def tie(browser):
    onward = browser.post(reverse("account-sign-on")).content.decode()
    return re.search(r'class="btn wide" href="([^"]+)"', onward)[1].replace("&amp;", "&")


def test_somebody_logged_in_ties_their_own_account(browser, house, connection, provider, ann):
    browser.force_login(ann.user)
    page = go_there(tie(browser), browser)
    assert page.headers["Location"] == reverse("account")
    other = Browser()
    sign_on(other, house.slug)
    assert other.session[SESSION_KEY] == str(ann.user.pk)


def test_an_account_that_works_elsewhere_is_not_tied(browser, house, oidc, provider, ann):
    other = OrganisationFactory()
    with tenant(other.pk):
        there = PractitionerFactory(organisation=other, user=ann.user)
    browser.force_login(ann.user)
    browser.get(reverse("organisation-choose"))
    with tenant(house.pk):
        browser.post(reverse("organisation-switch"), {"practitioner": str(ann.pk)})
    assert there is not None
    assert go_there(tie(browser), browser).status_code == 403
    assert outcome_of(house) == Refusal.ELSEWHERE


def test_tying_is_finished_by_whoever_began_it(browser, house, oidc, provider, ann, ben):
    browser.force_login(ann.user)
    url = tie(browser)
    states = browser.session["sign_on_states"]
    browser.force_login(ben.user)
    session = browser.session
    session["sign_on_states"] = states
    session.save()
    assert go_there(url, browser).status_code == 403
    with tenant(house.pk):
        assert not SignOnIdentity.objects.exists()


def test_untied_somebody_is_out_and_invited_anew(browser, house, oidc, provider, ada):
    sign_on(browser, house.slug)
    eva = eva_of(house)
    admin = Browser()
    admin.force_login(ada.user)
    admin.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert admin.post(reverse("practitioner-untie", args=[eva.pk])).status_code == 302
    assert SESSION_KEY not in browser.session or browser.get(reverse("today")).status_code == 302
    with tenant(house.pk):
        assert Practitioner.objects.get(pk=eva.pk).user is None
        assert not SignOnIdentity.objects.exists()


def test_who_comes_by_a_provider_gets_no_mail_with_a_way_past_it(browser, house, oidc, provider):
    sign_on(browser, house.slug)
    eva = eva_of(house)
    browser.post(reverse("account_logout"))
    browser.post(reverse("account_reset_password"), {"email": eva.user.email})
    from organisations.jobs.outbox import publish_due

    publish_due(lambda task, ids: send_password_reset(**ids) if "reset" in task else None)
    assert mail.outbox == []
    assert send_reset is not None


def test_the_page_of_a_password_is_not_for_who_has_none(browser, house, oidc, provider):
    sign_on(browser, house.slug)
    assert browser.get(reverse("account_change_password")).headers["Location"] == reverse("account")


def test_a_pin_is_confirmed_by_logging_in_anew(browser, house, oidc, provider):
    sign_on(browser, house.slug)
    pin = reverse("account-pin")
    page = browser.get(pin)
    assert "anew=1" in page.content.decode()
    assert browser.post(pin, {"pin": "204681"}).status_code == 422
    again = sign_on(browser, house.slug, f"?anew=1&next={pin}")
    assert again.headers["Location"] == pin
    assert browser.post(pin, {"pin": "204681"}).status_code == 302


@pytest.mark.parametrize("page", ["log-in-rules", "practitioner-factors"])
def test_what_changes_how_others_log_in_is_confirmed_by_logging_in_anew(browser, house, oidc, provider, ann, page):
    """An account without a password and a factor of ours is nothing that the library could ask for."""
    say(provider, roles=["medspil-admin"])
    sign_on(browser, house.slug)
    url = reverse(page, args=[ann.pk] if page == "practitioner-factors" else [])
    there = browser.get(url).headers["Location"]
    assert there == f"{reverse('sign-on', args=[house.slug])}?anew=1&next={quote(url, safe='')}"
    sign_on(browser, house.slug, f"?anew=1&next={url}")
    assert browser.get(url).status_code == 200


def test_what_is_sent_before_confirming_changes_nothing(browser, house, oidc, provider):
    say(provider, roles=["medspil-admin"])
    sign_on(browser, house.slug)
    answer = browser.post(reverse("identity-provider-switch"), {"on": "0"})
    assert answer.headers["Location"].startswith(reverse("sign-on", args=[house.slug]))
    house.refresh_from_db()
    assert house.sign_on != SignOn.OFF


def test_the_next_page_is_one_of_ours(browser, house, oidc, provider):
    page = sign_on(browser, house.slug, "?next=https://elsewhere.example/")
    assert page.headers["Location"] == reverse("home")


def test_in_a_clients_hands_no_way_leads_to_the_provider(browser, house, oidc, ann):
    browser.force_login(ann.user)
    session = browser.session
    from organisations.models import KIOSK

    session[KIOSK] = {"user": str(ann.user.pk)}
    session.save()
    for name in ("sign-on", "sign-on-answer", "sign-on-finish"):
        assert browser.get(reverse(name, args=[house.slug])).headers["Location"] == str(settings.UNLOCK_URL)
    assert browser.get(reverse("sign-on-choose")).headers["Location"] == str(settings.UNLOCK_URL)


def test_what_comes_back_after_a_hand_over_is_still_that_organisations_log_in():
    from organisations.login import session_clock
    from organisations.models import SIGNED_ON

    assert SIGNED_ON in session_clock.KEPT


def test_a_later_password_makes_it_an_ordinary_log_in_again(browser, house, oidc, provider, ann):
    from organisations.models import SIGNED_ON

    tied(ann, provider)
    sign_on(browser, house.slug)
    assert browser.session[SIGNED_ON] == str(house.pk)
    browser.post(reverse("account_logout"))
    browser.post(reverse("account_login"), {"login": ann.user.email, "password": PASSWORD})
    assert SIGNED_ON not in browser.session


def test_tries_are_forgotten(browser, house, oidc, provider):
    sign_on(browser, house.slug)
    browser.get(reverse("sign-on", args=[house.slug]))
    with tenant(house.pk):
        assert forget_attempts(house.pk, timezone.now()) == 0
        assert forget_attempts(house.pk, timezone.now() + timedelta(days=2)) == 1
        assert forget_attempts(house.pk, timezone.now() + timedelta(days=31)) == 1


def test_the_page_to_choose_from_names_those_that_are_on(browser, house, oidc):
    OrganisationFactory(name="Without one")
    said = browser.get(reverse("sign-on-choose")).content.decode()
    assert "Solsikke Municipality" in said
    assert "Without one" not in said
    assert reverse("sign-on-choose") in browser.get(reverse("account_login")).content.decode()


def test_without_any_the_log_in_page_offers_none(browser, house):
    assert reverse("sign-on-choose") not in browser.get(reverse("account_login")).content.decode()
