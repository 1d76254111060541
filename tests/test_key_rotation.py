"""A new SECRET_KEY: with the earlier one in SECRET_KEY_FALLBACKS nothing is lost, without it its signatures are."""

import pytest
from django.urls import reverse

from organisations.audit import signed_log_heads
from organisations.tenancy.context import tenant

NEW = "an entirely new key that is long enough to be one, 0123456789"


@pytest.fixture
def change_key(settings):
    def change(*, keep: bool) -> None:
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY] if keep else []
        settings.SECRET_KEY = NEW

    return change


@pytest.mark.parametrize("keep", [True, False])
def test_a_log_in_survives_as_long_as_the_earlier_key_is_kept(browser, ann, change_key, keep):
    browser.force_login(ann.user)
    assert browser.get(reverse("account")).status_code == 200
    change_key(keep=keep)
    assert browser.get(reverse("account")).status_code == (200 if keep else 302)


@pytest.mark.parametrize("keep", [True, False])
def test_signed_heads_of_the_access_log_hold_as_long_as_the_earlier_key_is_kept(
    browser, ann, nils, settings, tmp_path, change_key, keep
):
    settings.DATA_DIR = tmp_path
    browser.force_login(ann.user)
    browser.get(reverse("client-detail", args=[nils.pk]))
    organisation = ann.organisation
    with tenant(organisation.pk):
        assert signed_log_heads.sign_head(organisation)
    change_key(keep=keep)
    signed, faults = signed_log_heads.read_signed(organisation)
    assert (len(signed), len(faults)) == ((1, 0) if keep else (0, 1))
