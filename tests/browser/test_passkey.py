"""Passkeys, the authenticator app, recovery codes and the end of a log-in in Chromium, with a virtual authenticator."""

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from organisations.models import DeviceSession, Organisation
from tests.browser.axe import violations
from tests.people import PASSWORD
from tests.second_factors import App, Key, code_of

TODAY = re.compile(r"/today/$")


@pytest.fixture
def device(page, live_server, settings):
    """An authenticator in the page's browser, built in, with the finger already on it; what CDP needs to ask it."""
    settings.SITE_URL = live_server.url
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def ask(command, **more):
        return cdp.send(f"WebAuthn.{command}", {"authenticatorId": made, **more})

    return ask


def faults(page) -> list[str]:
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:120]}" for rule in violations(page)]


def follow(link):
    """Click a link or a button, and wait for the page it leads to."""
    with link.page.expect_event("load"):
        link.click()


def log_in(page, user):
    page.goto(reverse("account_login"))
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    follow(page.get_by_role("button", name="Log in", exact=True))  # its scripts run, too: a clock may be moved now


def confirm(page):
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def log_out(page):
    page.context.clear_cookies()


def add_passkey(page, user, *, alone=True):
    """From the account page to the recovery codes."""
    log_in(page, user)
    expect(page).to_have_url(TODAY)
    page.goto(reverse("account"))
    follow(page.get_by_role("link", name=re.compile("Set up ?: Second factor")))
    assert faults(page) == []
    follow(page.get_by_role("link", name="Add a passkey"))
    assert faults(page) == []
    confirm(page)
    expect(page.get_by_role("heading", name="Add a passkey")).to_be_visible()
    assert faults(page) == []
    page.get_by_label("Name").fill("Ann's tablet")
    page.get_by_label("I also want to log in with it alone").set_checked(alone)
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", name="Keep these recovery codes")).to_be_visible()


def test_a_passkey_is_made_and_opens_alone(page, device, ann):
    add_passkey(page, ann.user)
    assert faults(page) == []
    [held] = device("getCredentials")["credentials"]
    assert held["isResidentCredential"]
    assert held["rpId"] == "localhost"
    page.goto(reverse("account"))
    expect(page.get_by_text("Ann's tablet")).to_be_visible()
    assert faults(page) == []

    log_out(page)
    page.goto(reverse("account_login"))
    assert faults(page) == []
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page).to_have_url(TODAY)
    assert Authenticator.objects.get(user=ann.user, type="webauthn").last_used_at is not None

    page.goto(reverse("mfa_index"))
    expect(page.get_by_text("last used on")).to_be_visible()
    page.get_by_role("link", name=re.compile("Rename ?: Ann's tablet")).click()
    confirm_by_passkey(page)
    expect(page.get_by_label("Name")).to_be_visible()
    assert faults(page) == []
    page.get_by_label("Name").fill("The blue one")
    page.get_by_role("button", name="Save").click()
    follow(page.get_by_role("link", name=re.compile("Remove ?: The blue one")))
    assert faults(page) == []
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("The passkey is removed.")).to_be_visible()
    assert not Authenticator.objects.filter(user=ann.user).exists()


def confirm_by_passkey(page):
    """The page that asks who one is leads from the password to the passkey."""
    follow(page.get_by_role("link", name="With a passkey"))
    assert faults(page) == []
    page.get_by_role("button", name="Use a passkey").click()


def test_a_passkey_is_the_second_factor_after_the_password(page, device, ann):
    add_passkey(page, ann.user, alone=False)
    assert not device("getCredentials")["credentials"][0]["isResidentCredential"]
    log_out(page)
    log_in(page, ann.user)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(TODAY)


def test_a_key_that_is_not_ones_own_opens_nothing(page, device, ann):
    add_passkey(page, ann.user)
    log_out(page)
    device("clearCredentials")
    page.goto(reverse("account_login"))
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_text("That did not work.")).to_be_visible()
    expect(page).to_have_url(re.compile(reverse("account_login")))


def test_who_is_not_verified_by_the_device_is_not_let_in_alone(page, device, ann):
    add_passkey(page, ann.user)
    log_out(page)
    device("setUserVerified", isUserVerified=False)
    page.goto(reverse("account_login"))
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_text("That did not work.")).to_be_visible()


def test_the_app_is_set_up_where_it_is_required_and_codes_are_kept(page, ann, house):
    Organisation.objects.filter(pk=house.pk).update(requires_second_factor=True)
    log_in(page, ann.user)
    expect(page.get_by_text("asks for a second factor")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("link", name=re.compile("Set up ?: Authenticator app")).click()
    confirm(page)
    expect(page.get_by_alt_text("QR code for the app")).to_be_visible()
    assert page.get_by_alt_text("QR code for the app").evaluate("image => image.naturalWidth > 0")
    page.get_by_text("The camera does not work").click()
    assert faults(page) == []
    page.get_by_label("Authenticator code").fill("000000x")
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert faults(page) == []
    page.get_by_text("The camera does not work").click()
    secret = page.locator("code.secret").inner_text()
    page.get_by_label("Authenticator code").fill(code_of(secret))
    page.get_by_role("button", name="Set up").click()

    expect(page.get_by_role("heading", name="Keep these recovery codes")).to_be_visible()
    codes = page.locator(".codes code").all_inner_texts()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as a file").click()
    text = saved.value.path().read_text()
    assert saved.value.suggested_filename == "medspil-recovery-codes.txt"
    assert ann.user.email in text
    assert all(code in text for code in codes)
    # Nobody may read the clipboard back here, the test neither: it looks at what is put in.
    page.evaluate("navigator.clipboard.writeText = async (text) => { document.title = text; }")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert all(code in page.title() for code in codes)
    follow(page.get_by_role("link", name="I have kept them"))
    assert faults(page) == []
    page.get_by_role("link", name="Go on").click()
    expect(page).to_have_url(TODAY)

    page.goto(reverse("mfa_view_recovery_codes"))
    expect(page.get_by_role("heading", name="shown once")).to_be_visible()
    assert faults(page) == []
    follow(page.get_by_role("link", name="Make new codes"))
    assert faults(page) == []
    page.get_by_role("button", name="Make new codes").click()
    expect(page.locator(".codes code")).to_have_count(10)
    new = page.locator(".codes code").all_inner_texts()
    assert not set(new) & set(codes)
    page.goto(reverse("mfa_deactivate_totp"))
    assert faults(page) == []

    log_out(page)
    log_in(page, ann.user)
    page.get_by_label("Code").fill("nonsense")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    assert faults(page) == []
    page.get_by_label("Code").fill(new[3])
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(TODAY)


def test_the_rules_of_an_organisation(page, ada, ann, house):
    app = App(ada.user)
    log_in(page, ada.user)
    page.get_by_label("Code").fill(app.code())
    page.get_by_role("button", name="Log in").click()
    page.goto(reverse("people"))
    page.locator(".page-menu > summary").click()
    page.get_by_role("main").get_by_role("link", name="Log-in").click()
    confirm(page)
    expect(page.get_by_text("1 of 2 has no second factor yet")).to_be_visible()
    assert faults(page) == []
    page.get_by_label("Everybody here needs a second factor").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()


@pytest.fixture
def slow_clock(page):
    """The page's clock, moved by hand."""
    page.clock.install(time=timezone.now())
    return page.clock


def test_before_a_log_in_ends_the_page_says_so_and_one_stays(page, ann, slow_clock, settings):
    settings.SESSION_IDLE_MINUTES = 1  # less than the two minutes before the end
    log_in(page, ann.user)
    expect(page).to_have_url(TODAY)
    slow_clock.run_for(16_000)
    expect(page.get_by_text("You will be logged out in a moment")).to_be_visible()
    assert faults(page) == []
    settings.SESSION_IDLE_MINUTES = 30
    page.get_by_role("button", name="Stay logged in").click()
    expect(page.get_by_text("You will be logged out in a moment")).to_be_hidden()


def test_after_it_the_page_shows_no_client_any_more_and_leads_back(page, ann, nils, slow_clock):
    log_in(page, ann.user)
    page.goto(reverse("client-detail", args=[nils.pk]))
    DeviceSession.objects.all().delete()
    slow_clock.run_for(16_000)
    expect(page).to_have_url(re.compile(r"/account/login/\?why=idle"))
    expect(page.get_by_text("nothing had happened for a while")).to_be_visible()
    page.get_by_label("Email").fill(ann.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page).to_have_url(re.compile(str(nils.pk)))


def test_words_that_are_not_saved_stay_and_are_saved_after_a_new_log_in(page, ann, slow_clock):
    log_in(page, ann.user)
    page.goto(reverse("account"))
    page.get_by_label("Your name").fill("Ann Holm-Lund")
    DeviceSession.objects.all().delete()
    slow_clock.run_for(16_000)
    expect(page.get_by_text("What you wrote still stands here")).to_be_visible()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Log in in a new window").click()
    other = opened.value
    log_in(other, ann.user)
    expect(other).to_have_url(TODAY)
    other.close()
    slow_clock.run_for(16_000)
    expect(page.get_by_text("What you wrote still stands here")).to_be_hidden()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_label("Your name")).to_have_value("Ann Holm-Lund")


def is_told(answer):
    """A page told that somebody is there; its quiet questions are none."""
    return answer.url.endswith(reverse("account-stay")) and "x-medspil-quiet" not in answer.request.headers


def test_typing_is_a_sign_of_life(page, ann, slow_clock):
    log_in(page, ann.user)
    expect(page).to_have_url(TODAY)
    page.goto(reverse("account"))
    with page.expect_response(lambda answer: answer.url.endswith(reverse("account-stay"))):
        slow_clock.run_for(16_000)
    with time_machine.travel(time.time() + 10 * 60):
        slow_clock.fast_forward(5 * 60_000)
        page.get_by_label("Your name").press_sequentially("x")
        with page.expect_response(is_told) as told:
            slow_clock.run_for(16_000)
        assert told.value.json()["left"] > 29 * 60


def test_a_handed_over_tablet_is_taken_back_with_the_passkey_of_its_owner(page, device, ann, nils, episode):
    add_passkey(page, ann.user)
    page.goto(reverse("client-detail", args=[nils.pk]))
    page.get_by_role("button", name="Start session").first.click()
    page.get_by_role("button", name="Hand over for the ORS").click()
    page.wait_for_url("**/f/*/")
    page.goto(reverse("unlock"))
    button = page.get_by_role("button", name="Unlock with a passkey")
    expect(button).to_be_visible()
    assert faults(page) == []
    device("setUserVerified", isUserVerified=False)  # the client's finger
    button.click()
    expect(page.get_by_text("That did not work.")).to_be_visible()
    assert faults(page) == []
    page.goto(reverse("today"))
    expect(page).to_have_url(re.compile(r"/unlock/$"))
    device("setUserVerified", isUserVerified=True)
    button.click()
    expect(page).to_have_url(re.compile(r"/sessions/[0-9a-f-]{36}/"))
    page.goto(reverse("today"))
    expect(page).to_have_url(TODAY)


def test_somebody_elses_passkey_does_not_take_a_tablet_back(page, device, ann, ben, nils, episode):
    add_passkey(page, ann.user)
    kept = Authenticator.objects.filter(user=ann.user)
    page.goto(reverse("client-detail", args=[nils.pk]))
    page.get_by_role("button", name="Start session").first.click()
    page.get_by_role("button", name="Hand over for the ORS").click()
    page.wait_for_url("**/f/*/")
    page.goto(reverse("unlock"))
    kept.filter(type="webauthn").update(user=ben.user)  # between the page and the question it is a colleague's
    Key(ann.user)
    page.get_by_role("button", name="Unlock with a passkey").click()
    expect(page.get_by_text("That did not work.")).to_be_visible()
    page.goto(reverse("today"))
    expect(page).to_have_url(re.compile(r"/unlock/$"))


def test_without_javascript_there_is_no_button_that_does_nothing(new_context, logged_in, ann, nils, episode):
    Key(ann.user)
    page = logged_in(new_context(java_script_enabled=False).new_page(), ann.user)
    page.goto(reverse("client-detail", args=[nils.pk]))
    page.get_by_role("button", name="Start session").first.click()
    page.get_by_role("button", name="Hand over for the ORS").click()
    page.goto(reverse("unlock"))
    expect(page.get_by_role("button", name="Unlock", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Unlock with a passkey")).to_be_hidden()
