"""The register of services: files of lines that go in as a whole, and out again as a whole."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.audit.record import record_access
from organisations.models import Organisation, Practitioner, RegisteredService, RegisterImport, normal_form, straight

AT_ONCE = 1000  # rows of one statement
Key = tuple[int, str, str, str, str, bool | None]


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """A line of a register before it is stored; the columns are those of RegisteredService."""

    year: int
    municipality_code: str
    municipality: str
    kind: str
    name: str
    uses_fit: bool
    services: int = 1

    @property
    def key(self) -> Key:
        """What two lines about the same services have in common."""
        return _key(self.year, self.municipality_code, self.municipality, self.kind, self.name, self.uses_fit)


def _key(year: int, code: str, municipality: str, kind: str, name: str, uses_fit: bool) -> Key:
    """A service by its name, whatever else is said of it; a number of services by what they are."""
    if name:
        return year, code, municipality, normal_form(name), "", None
    return year, code, municipality, "", kind, uses_fit


def stored_keys(by: Practitioner, years: Iterable[int]) -> dict[Key, str]:
    """The keys of the lines that the register has in these years, each with the name of its file."""
    rows = RegisteredService.objects.visible_to(by).filter(year__in=set(years))
    columns = ("year", "municipality_code", "municipality", "kind", "name", "uses_fit", "register_import__file_name")
    return {_key(*line): file_name for *line, file_name in rows.values_list(*columns)}


@transaction.atomic
def keep_file(*, name: str, content: bytes, by: Practitioner) -> RegisterImport:
    """Keep a file; none of its lines is in the register yet."""
    return RegisterImport.objects.create(
        organisation_id=by.organisation_id,
        uploaded_by=by,
        file_name=straight(name)[-120:],
        content=content,
        size=len(content),
    )


@transaction.atomic
def import_lines(*, register_import: RegisterImport, lines: Sequence[RegisterLine], by: Practitioner) -> None:
    """Take all lines of a file in; ValidationError, and none is, where the register has one of them already."""
    _lock(by)
    stored = RegisterImport.objects.select_for_update(of=("self",)).get(pk=register_import.pk)
    if stored.imported_at is not None:
        raise ValidationError(_("This file is in the register already."))
    known = stored_keys(by, [line.year for line in lines])
    if not lines or any(line.key in known for line in lines):
        raise ValidationError(_("Something was imported meanwhile. Look at the file again."))
    RegisteredService.objects.bulk_create(
        [
            RegisteredService(organisation_id=by.organisation_id, register_import=stored, **asdict(line))
            for line in lines
        ],
        batch_size=AT_ONCE,
    )
    stored.imported_at = timezone.now()
    stored.save(update_fields=["imported_at"])
    record_access("service_register.import", (), typed=stored.file_name)


@transaction.atomic
def take_out(*, register_import: RegisterImport, by: Practitioner) -> None:
    """Take a file's lines out of the register; the file stays, to be imported again or discarded."""
    _lock(by)
    RegisteredService.objects.visible_to(by).filter(register_import=register_import).delete()
    RegisterImport.objects.filter(pk=register_import.pk).update(imported_at=None)
    record_access("service_register.take_out", (), typed=register_import.file_name)


@transaction.atomic
def discard(*, register_import: RegisterImport, by: Practitioner) -> None:
    """Forget a file; ValidationError while its lines are in the register."""
    _lock(by)
    stored = RegisterImport.objects.select_for_update(of=("self",)).get(pk=register_import.pk)
    if stored.imported_at is not None:
        raise ValidationError(_("Take the file out of the register first."))
    stored.delete()


def _lock(by: Practitioner) -> None:
    """One change of an organisation's register at a time."""
    Organisation.objects.select_for_update(no_key=True).get(pk=by.organisation_id)
