"""What is stored after a drill, against what clients were told."""

from bench.drills.answering import Ledger


def stored_answers(organisation) -> dict[str, list[tuple[str, tuple[int, ...]]]]:
    """Every rating of a drill's organisation, by session: (submission id, marks)."""
    from organisations.tenancy.context import tenant
    from sessions_app.models import Rating

    stored: dict[str, list[tuple[str, tuple[int, ...]]]] = {}
    with tenant(organisation.pk):
        for rating in Rating.objects.all():
            kept = (str(rating.submission_id), tuple(rating.marks or ()))
            stored.setdefault(str(rating.session_id), []).append(kept)
    return stored


def lost_and_doubled(ledger: Ledger, stored) -> tuple[int, int]:
    """(answers that were acknowledged and are not stored as sent, forms with more than one answer)."""
    lost = sum(kept not in stored.get(session, []) for session, kept in ledger.acknowledged.items())
    return lost, sum(len(answers) > 1 for answers in stored.values())


def second_answers(organisation) -> int:
    """Other answers to a form that has one already: kept beside it for the practitioner."""
    from organisations.tenancy.context import tenant
    from sessions_app.models import ConflictingAnswer

    with tenant(organisation.pk):
        return ConflictingAnswer.objects.count()


def alerts_off(organisation) -> tuple[int, int]:
    """(alerts the rules ask for, alerts missing or beyond): the stored rows against the rules on the stored marks."""
    from clients.models import Episode
    from organisations.tenancy.context import tenant
    from sessions_app.measures.rules.alert_spans import alert_spans
    from sessions_app.models import Alert
    from sessions_app.services.courses import load_series

    with tenant(organisation.pk):
        series = load_series(Episode.objects.all())
        wanted = {(str(key), span.rule, span.raised) for key, one in series.items() for span in alert_spans(one)}
        rows = Alert.objects.exclude(session=None).values_list("episode_id", "rule", "session_id")
        there = [(str(episode), rule, str(session)) for episode, rule, session in rows]
    doubled = len(there) - len(set(there))
    return len(wanted), len(wanted ^ set(there)) + doubled


def outbox_is_empty() -> bool:
    """Whether all work that was asked for is done."""
    from organisations.models import Outbox

    return not Outbox.objects.filter(done_at=None).exists()


def broken_links(organisation) -> int:
    """Links of the access log's chain that do not hold."""
    from organisations.audit.hash_chain import faults_of
    from organisations.tenancy.context import tenant

    with tenant(organisation.pk):
        return len(list(faults_of(organisation, {})))
