"""Routes of a client's form: what a token opens. They are looked through first, since most requests are theirs."""

from django.urls import path

from sessions_app.views import group_codes, groups
from sessions_app.views.client_form import draft, form, next_rater, offline

urlpatterns = [
    path("<str:token>/", form.rating_form, name="rating-form"),
    path("<str:token>/thanks/", form.rating_thanks, name="rating-thanks"),
    path("<str:token>/later/", draft.rating_save_draft, name="rating-save-draft"),
    path("<str:token>/marks/", draft.rating_marks, name="rating-marks"),
    path("<str:token>/next/", next_rater.rating_next, name="rating-next"),
    path("<str:token>/started/", offline.form_started, name="form-started"),
    path("<str:token>/park/", offline.form_park, name="form-park"),
    path("<str:token>/shell/", offline.form_shell, name="form-shell"),
    path("o/<uuid:link_id>/", form.link_form, name="link-form"),
    path("<str:token>/group/", group_codes.group_code_entry, name="group-code-entry"),
    path("<str:token>/screen/", group_codes.group_screen, name="group-screen"),
    path("<str:token>/turn/", groups.group_turn, name="group-turn"),
    path("<str:token>/on/", groups.group_next, name="group-next"),
]
