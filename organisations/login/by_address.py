"""Work about whoever logs in with an address: asked for in the same statements whether or not anybody does."""

from uuid import uuid4

from organisations.jobs.outbox import ask_for
from organisations.models import Organisation, Practitioner, User
from organisations.tenancy.context import as_user

SEND_RESET = "organisations.tasks.send_password_reset"
NOTE_FAILED = "organisations.tasks.note_failed_log_in"


def ask_about(task: str, email: str) -> None:
    """Have the worker do `task` for the account with that address, after this transaction.

    An address of nobody asks too, about nobody: how long the answer takes, or what it waits for, tells nothing.
    """
    about = User.objects.filter(email=email.strip().lower()).values_list("pk", flat=True).first() or uuid4()
    with as_user(about):
        places = Practitioner.objects.filter(user=about, is_active=True).order_by("organisation_id")
        place = places.values_list("organisation_id", flat=True).first()
    any_place = Organisation.objects.order_by("pk").values_list("pk", flat=True).first()
    if any_place is not None:
        ask_for(task, organisation_id=place or any_place, object_id=about)
