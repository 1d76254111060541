"""How a PIN is stored: keyed, so that the table alone is not enough to guess it."""

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password

from organisations.models import User
from organisations.models.pin_hash import PinHasher, hash_pin, is_hash_of, is_readable

pytestmark = pytest.mark.django_db
PIN, OTHER = "482915", "482916"


@pytest.fixture
def user():
    return User.objects.create(email="ann@example.org")


def replace_key(settings, *, keep_earlier):
    earlier, settings.SECRET_KEY = settings.SECRET_KEY, "another key of fifty signs, for this test alone, 0123456789"
    settings.SECRET_KEY_FALLBACKS = [earlier] if keep_earlier else []


def test_a_pin_is_salted_keyed_and_fits_its_column():
    stored = hash_pin(PIN)
    assert stored != hash_pin(PIN)
    assert is_hash_of(PIN, stored) and not is_hash_of(OTHER, stored)
    encoded = stored.rpartition("$")[0].replace(PinHasher.algorithm, Argon2PasswordHasher.algorithm, 1)
    assert not Argon2PasswordHasher().verify(PIN, encoded)
    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert len(stored) <= User._meta.get_field("pin_hash").max_length


def test_a_pin_from_before_opens_and_is_keyed_then(user):
    user.pin_hash = make_password(PIN)
    user.save()
    assert user.has_pin
    assert not user.check_pin(OTHER)
    user.refresh_from_db()
    assert not user.pin_hash.startswith("pin$")
    assert user.check_pin(PIN)
    user.refresh_from_db()
    assert user.pin_hash.startswith("pin$")
    assert user.check_pin(PIN)


def test_a_pin_of_the_key_before_opens_and_is_keyed_anew(user, settings):
    user.set_pin(PIN)
    before = user.pin_hash
    replace_key(settings, keep_earlier=True)
    assert not user.check_pin(OTHER)
    assert user.pin_hash == before
    assert user.check_pin(PIN)
    user.refresh_from_db()
    assert user.pin_hash != before
    settings.SECRET_KEY_FALLBACKS = []
    assert user.check_pin(PIN)


def test_a_pin_whose_key_is_gone_counts_as_none(user, settings):
    user.set_pin(PIN)
    replace_key(settings, keep_earlier=False)
    assert not is_readable(user.pin_hash)
    assert not user.has_pin
    assert not user.check_pin(PIN)


def test_somebody_without_a_pin_has_none(user):
    assert not user.has_pin
    assert not user.check_pin("")
