"""The id that a page brings along, so that a double click stores one row, and that another row has already."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _


@contextmanager
def refusing_used(constraint: str) -> Iterator[None]:
    """ValidationError where the block breaks this unique constraint; whose row it is that has the id is not said.

    Nothing that the block did stays then.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if constraint not in str(error):
            raise
        raise ValidationError(
            _("Something was stored from this page already. Open the page anew, and write it down there."), code="used"
        ) from error
