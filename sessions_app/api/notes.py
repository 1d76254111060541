"""What is written of a session for other systems: the client's own words, read and kept; apart from them remarks."""

import django_filters.rest_framework as filters
from django.utils.translation import gettext as _
from rest_framework import serializers

from organisations.api.base import ResourceViewSet
from organisations.api.description import described, page_described
from organisations.api.errors import Conflict
from organisations.api.fields import StrictSerializer, VisibleField, in_organisation
from organisations.api.filters import FreshFilters
from organisations.roles import Can
from sessions_app.api.resources import NOTES, REMARKS
from sessions_app.models import OWN_WORDS, Note, NoteKind, Session
from sessions_app.services import notes

OWN = [(kind.value, kind.label) for kind in OWN_WORDS]
LONGEST = Note._meta.get_field("text").max_length


class NoteOut(serializers.ModelSerializer):
    """Words as the client said them. `version` counts the changes."""

    client = serializers.UUIDField(source="session.client_id", read_only=True)

    class Meta:
        model = Note
        fields = ["id", "session", "client", "kind", "text", "version", "updated_by", "updated_at"]
        read_only_fields = fields


class TextIn(StrictSerializer):
    text = serializers.CharField(max_length=LONGEST, allow_blank=True, trim_whitespace=False)
    version = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, help_text="The version that the text was written on; 0 where there is none."
    )


class NoteIn(TextIn):
    session = VisibleField(rows=in_organisation(Session))
    kind = serializers.ChoiceField(choices=OWN)


class NoteFilters(FreshFilters):
    session = filters.UUIDFilter(field_name="session")
    client = filters.UUIDFilter(field_name="session__client")
    kind = filters.ChoiceFilter(choices=OWN)


class NoteViewSet(ResourceViewSet):
    resource = NOTES
    kind = "note"
    client_path = "session.client_id"
    serializer_class = NoteOut
    filterset_class = NoteFilters
    lookup_url_kwarg = "note_id"
    needs = {
        "list": Can.VIEW_CLIENT,
        "retrieve": Can.VIEW_CLIENT,
        "create": Can.RECORD_SESSION,
        "partial_update": Can.RECORD_SESSION,
    }

    def rows(self):
        return in_organisation(Note)(self.request.practitioner).own_words().select_related("session")

    @page_described("Words of the clients that the token sees.", gives=NoteOut, by=NoteFilters)
    def list(self, request):
        return super().list(request)

    @described("One note.", gives=NoteOut)
    def retrieve(self, request, note_id):
        return super().retrieve(request)

    @described(
        "Keep the client's words after the outcome or the alliance form. One note of a kind at each session; 409 with "
        "`theirs` if somebody wrote other words since `version`: nothing is overwritten.",
        takes=NoteIn,
        gives=NoteOut,
        made=True,
    )
    def create(self, request):
        return self._saved(status=201, **self.checked(NoteIn))

    @described("Change the words. 409 with `theirs` if somebody else did since `version`.", takes=TextIn, gives=NoteOut)
    def partial_update(self, request, note_id):
        note = self.found("edit")
        return self._saved(status=200, session=note.session, kind=note.kind, **self.checked(TextIn))

    def _saved(self, *, status, text, **fields):
        try:
            note = notes.save_note(text=text.replace("\r\n", "\n"), by=self.request.practitioner, **fields)
        except notes.NoteChanged as changed:
            words = _("Somebody has written other words meanwhile. Nothing was overwritten.")
            theirs = {"id": str(changed.note.pk), "version": changed.note.version, "text": changed.note.text}
            raise Conflict(words, theirs=theirs) from changed
        return self.answer(note.pk, status=status)


class RemarkOut(NoteOut):
    """What a practitioner wrote at a session. `version` counts the changes."""


class RemarkFilters(NoteFilters):
    kind = filters.ChoiceFilter(choices=[choice for choice in NoteKind.choices if choice[0] not in OWN_WORDS])


class RemarkViewSet(ResourceViewSet):
    resource = REMARKS
    kind = "remark"
    client_path = "session.client_id"
    serializer_class = RemarkOut
    filterset_class = RemarkFilters
    lookup_url_kwarg = "remark_id"
    needs = {"list": Can.VIEW_CLIENT, "retrieve": Can.VIEW_CLIENT}

    def rows(self):
        return in_organisation(Note)(self.request.practitioner).remarks().select_related("session")

    @page_described("Remarks about the clients that the token sees.", gives=RemarkOut, by=RemarkFilters)
    def list(self, request):
        return super().list(request)

    @described("One remark.", gives=RemarkOut)
    def retrieve(self, request, remark_id):
        return super().retrieve(request)
