"""What came after a merge of two records: once something was built on it, it is not taken back."""

from collections.abc import Callable

from django.db.models import Max, Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from clients.models import (
    Client,
    ClientMerge,
    ClientTeam,
    Consent,
    Episode,
    LabelledClient,
    LegalHold,
    PairMessage,
    Rater,
)
from organisations.history.tracking import event_model_of
from organisations.models import Capability
from sessions_app.models import (
    Alert,
    ConflictingAnswer,
    Goal,
    GoalMark,
    GroupMember,
    Note,
    OpenedCase,
    PendingAnswer,
    PlanEvaluation,
    Rating,
    RatingDraft,
    Session,
    SessionDecision,
    SupervisionCase,
    TeamMeetingCase,
    TeamQuestion,
)

HISTORIES = (
    *(Client, ClientTeam, LabelledClient, PairMessage, LegalHold, Consent, Rater, Episode),
    *(Session, Rating, ConflictingAnswer, PendingAnswer, Note, GroupMember),
    *(Goal, GoalMark, SessionDecision, PlanEvaluation, TeamMeetingCase, TeamQuestion, SupervisionCase, OpenedCase),
)
"""Tables whose later changes are built on a merge."""

BuiltOn = tuple[str | Promise, Callable[[ClientMerge], bool]]


def _events(model: type[Model], merge: ClientMerge) -> QuerySet:
    return event_model_of(model).objects.filter(pgh_id__gt=merge.last_events.get(model._meta.label, 0))


def _later(model: type[Model], path: str) -> Callable[[ClientMerge], bool]:
    """Whether the history of the client's rows goes on after the merge; `path` leads from a row to its client."""

    def found(merge: ClientMerge) -> bool:
        rows = model._default_manager.filter(**{path: merge.kept_id}).values("pk")
        return _events(model, merge).filter(pgh_obj__in=rows).exists()

    return found


def _teams_changed(merge: ClientMerge) -> bool:
    return _events(ClientTeam, merge).filter(client=merge.kept_id).exists()


def _goals_rated(merge: ClientMerge) -> bool:
    """Also a mark that was taken away: its row is gone, its history is not."""
    goals = Goal.objects.filter(episode__client=merge.kept_id).values("pk")
    return _events(GoalMark, merge).filter(goal__in=goals).exists()


def _labels_changed(merge: ClientMerge) -> bool:
    return _events(LabelledClient, merge).filter(client=merge.kept_id).exists()


def _given_out(merge: ClientMerge) -> bool:
    sessions = Session.objects.filter(client=merge.kept_id).values("pk")
    episodes = Episode.objects.filter(client=merge.kept_id).values("pk")
    about = Q(object_id__in=sessions) | Q(object_id__in=episodes)
    return Capability.objects.filter(about, created_at__gt=merge.merged_at).exists()


def _marked(merge: ClientMerge) -> bool:
    return RatingDraft.objects.filter(session__client=merge.kept_id, kept_at__gt=merge.merged_at).exists()


def _seen(merge: ClientMerge) -> bool:
    return Alert.objects.filter(episode__client=merge.kept_id, acknowledged_at__gt=merge.merged_at).exists()


BUILT_ON: tuple[BuiltOn, ...] = (
    (lazy("Sessions were held or changed since."), _later(Session, "client")),
    (lazy("Answers came or were corrected since."), _later(Rating, "session__client")),
    (lazy("Somebody decided between two answers since."), _later(ConflictingAnswer, "rating__session__client")),
    (lazy("Answers that wait for a decision came or were decided since."), _later(PendingAnswer, "episode__client")),
    (lazy("Lines were marked on a form that is not finished."), _marked),
    (lazy("Forms were given out since."), _given_out),
    (lazy("Words of the client were written down since."), _later(Note, "session__client")),
    (lazy("Something was decided since."), _later(SessionDecision, "session__client")),
    (lazy("Goals were agreed or changed since."), _later(Goal, "episode__client")),
    (lazy("The client rated a goal since."), _goals_rated),
    (lazy("The action plan was evaluated since."), _later(PlanEvaluation, "episode__client")),
    (lazy("Alerts were seen since."), _seen),
    (lazy("Episodes were opened, ended or changed since."), _later(Episode, "client")),
    (lazy("The client's part in a group was changed since."), _later(GroupMember, "session__client")),
    (lazy("It was spoken of at a team meeting since."), _later(TeamMeetingCase, "episode__client")),
    (lazy("A question was asked about it since."), _later(TeamQuestion, "episode__client")),
    (lazy("It was brought to supervision since."), _later(SupervisionCase, "episode__client")),
    (lazy("It was opened to a consultant since."), _later(OpenedCase, "episode__client")),
    (lazy("Who else rates was changed since."), _later(Rater, "client")),
    (lazy("What the client agrees to was changed since."), _later(Consent, "client")),
    (lazy("It was said since that the records are to be kept."), _later(LegalHold, "client")),
    (lazy("The client's teams were changed since."), _teams_changed),
    (lazy("The client's labels were changed since."), _labels_changed),
    (lazy("The contact persons wrote to each other since."), _later(PairMessage, "client")),
    (lazy("What is agreed with the client was changed since."), _later(Client, "pk")),
)


def stands_in_the_way(merge: ClientMerge) -> list[str]:
    """Why a merge can no longer be taken back, in sentences; [] where it can."""
    kept = merge.kept
    if merge.undone_at is not None:
        return [_("This was taken back already.")]
    later = ClientMerge.objects.standing().filter(kept=kept, merged_at__gt=merge.merged_at).select_related("emptied")
    if references := sorted(each.emptied.reference for each in later):
        said = _("Another record was merged into this one later: %(references)s. Take that back first.")
        return [said % {"references": ", ".join(references)}]
    return [str(words) for words, is_built in BUILT_ON if is_built(merge)]


def last_events() -> dict[str, int]:
    """The number of the newest event of each history that tells whether something was built on a merge."""
    newest = {model._meta.label: event_model_of(model).objects.aggregate(last=Max("pgh_id")) for model in HISTORIES}
    return {label: found["last"] or 0 for label, found in newest.items()}


def still_undoable(*clients: Client) -> list[str]:
    """The ids of the merges into these clients that could be taken back now."""
    standing = ClientMerge.objects.standing().filter(kept__in=clients).select_related("kept")
    return [str(merge.pk) for merge in standing if not stands_in_the_way(merge)]
