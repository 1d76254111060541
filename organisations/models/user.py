"""Who works here: organisations, services, teams, users and practitioners."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from organisations.history.privacy import data_classes
from organisations.models.countries import language_choices
from organisations.models.pin_hash import hash_pin, is_hash_of, is_newest, is_readable


class Users(BaseUserManager["User"]):
    """Makes users; the address is stored in lower case, so that one address is one person."""

    def create_user(self, email, password=None, **fields):
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save()
        return user

    def get_by_natural_key(self, email):
        return self.get(email=email.strip().lower())


@data_classes(
    identity="email",
    technical="id password last_login language is_active pin_hash pin_failures signs_on_in is_operator",
)
class User(AbstractBaseUser):
    """A person who logs in. What they may do hangs on their Practitioner rows, one an organisation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    language = models.CharField(_("language"), max_length=5, choices=language_choices, blank=True, default="")
    is_active = models.BooleanField(default=True)
    pin_hash = models.CharField(max_length=128, blank=True, default="", editable=False)
    pin_failures = models.PositiveSmallIntegerField(default=0, editable=False)
    # The one organisation whose identity provider opens this account; it is then an account there and nowhere else.
    signs_on_in = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    # Runs the installation: makes, suspends and deletes organisations, and enters none of them.
    is_operator = models.BooleanField(default=False, db_default=False, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects = Users()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
        ]

    def __str__(self):
        return self.email

    @property
    def has_pin(self) -> bool:
        """Whether a PIN is set and can still be read."""
        return is_readable(self.pin_hash)

    def set_pin(self, pin: str) -> None:
        """Store a 6-digit PIN as a hash."""
        self.pin_hash = hash_pin(pin)
        self.pin_failures = 0

    def check_pin(self, pin: str) -> bool:
        """Whether the PIN is right; False when none is set. A right one whose hash is an older one is stored anew."""
        if not (self.has_pin and is_hash_of(pin, self.pin_hash)):
            return False
        if not is_newest(self.pin_hash):
            self.pin_hash = hash_pin(pin)
            self.save(update_fields=["pin_hash"])
        return True
