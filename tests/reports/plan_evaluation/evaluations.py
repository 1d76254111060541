"""Begin and save an evaluation of the action plan through its pages."""

from django.urls import reverse

from reports.plan_evaluation import going_out, view

NOON = "2026-11-22T11:00:00Z"
WORDS = "I sleep <b>better</b> now."


def new(staff, episode, **query):
    return staff.get(reverse("plan-evaluation-new", args=[episode.pk]), query)


def begin(staff, episode, period="plan"):
    done = staff.post(reverse("plan-evaluation-new", args=[episode.pk]), {"period": period})
    return done.headers["Location"]


def save(staff, url, page, **changed):
    form = page.context["form"]
    sent = {"version": form["version"].value(), "text": form["text"].value(), "own_words": form.initial["own_words"]}
    return staff.post(url, sent | changed)


def consented(monkeypatch, *, yes=True):
    for place in (view, going_out):
        monkeypatch.setattr(place, "may_share_words", lambda client: yes)
