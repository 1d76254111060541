"""Forms of sessions: starting, keying in, correcting, finishing, unlocking."""

from django import forms

from sessions_app.models import Note


class NoteForm(forms.Form):
    """The client's own words, and the version they were written on."""

    text = forms.CharField(
        required=False, strip=False, max_length=Note._meta.get_field("text").max_length, widget=forms.Textarea
    )
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def clean_text(self):
        """Line ends as people see them; browsers send CRLF."""
        return self.cleaned_data["text"].replace("\r\n", "\n")
