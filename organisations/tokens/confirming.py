"""A second person agrees that another system reads: whoever makes its token cannot let it in alone."""

from collections.abc import Collection
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.audit.account_events import record_of
from organisations.models import ApiToken, ApiTokenQuerySet, Practitioner, Team, TokenConfirmation
from organisations.roles import Can, Role
from organisations.tokens.scopes import PROVISIONING
from organisations.tokens.service import announce, close_token


def announce_new_teams(system: Practitioner) -> None:
    """Announce a system's open tokens again: it came into another team, for which nobody has confirmed them."""
    for token in _open(ApiToken.objects.filter(practitioner=system).of_systems().with_waiting()):
        announce(token)


def forget_left_teams(system: Practitioner) -> None:
    """What was confirmed for a team ends when the system leaves it: should it come back, somebody agrees anew."""
    agreed = TokenConfirmation.objects.filter(token__practitioner=system).exclude(team=None)
    agreed.exclude(team__in=system.memberships.values("team")).delete()


def tokens_shown_to(by: Practitioner) -> ApiTokenQuerySet:
    """The tokens of systems that a person hears of: an administrator of all, a lead of those in the teams they lead.

    `is_waiting`: for a second person. For a lead only what waits for their own teams does.
    """
    tokens = ApiToken.objects.visible_to(by).of_systems().with_validity()
    if by.can(Can.MANAGE_PEOPLE):
        return tokens.with_waiting()
    led = by.memberships.values("team")
    return tokens.reading(led).with_waiting(led)


def requests_for(by: Practitioner) -> int:
    """How many open tokens wait for this person's decision; without a query for who decides on none."""
    if not by.can(Can.CONFIRM_TOKENS):
        return 0
    return _open(tokens_shown_to(by).exclude(Q(created_by=by) | Q(practitioner=by))).count()


def made_for_systems(by: Practitioner) -> ApiTokenQuerySet:
    """The open tokens that somebody made for other systems: they outlast their maker."""
    tokens = ApiToken.objects.visible_to(by).of_systems().filter(created_by=by).with_validity()
    return tokens.filter(revoked_at=None, expires_at__gt=timezone.now()).newest_first()


def teams_to_confirm(token: ApiToken, by: Practitioner) -> QuerySet[Team]:
    """The teams of a token's system for which nobody has confirmed it yet and this person may."""
    if not by.can(Can.CONFIRM_TOKENS) or token.created_by_id == token.practitioner_id or _is_party(by, token):
        return Team.objects.none()
    teams = waiting_teams(token)
    return teams if by.can(Can.MANAGE_PEOPLE) else teams.filter(memberships__practitioner=by)


def _is_party(by: Practitioner, token: ApiToken) -> bool:
    """Whether somebody made the token, or is the system itself, which has a log-in by now."""
    return by.pk in (token.created_by_id, token.practitioner_id)


def waits_as_a_whole(token: ApiToken, by: Practitioner) -> bool:
    """Whether a token that makes log-ins waits for a second person, and this one may be it."""
    if PROVISIONING not in token.scopes or not by.can(Can.CONFIRM_TOKENS) or _is_party(by, token):
        return False
    return not TokenConfirmation.objects.filter(token=token, team=None).exists()


def waiting_teams(token: ApiToken) -> QuerySet[Team]:
    """The teams of a token's system for which no second person has confirmed it."""
    confirmed = TokenConfirmation.objects.filter(token=token).exclude(team=None).values("team")
    return Team.objects.filter(memberships__practitioner=token.practitioner_id).exclude(pk__in=confirmed)


def confirmers_of(token: ApiToken) -> QuerySet[Practitioner]:
    """Who logs in and may confirm a token for a team that it waits for; never whoever made it or is it."""
    people = Practitioner.objects.filter(organisation=token.organisation_id, is_active=True, user__is_active=True)
    leads = Q(role=Role.TEAM_LEAD)
    if PROVISIONING not in token.scopes:
        leads &= Q(memberships__team__in=waiting_teams(token).values("pk"))
    able = people.filter(leads | Q(role=Role.ADMIN)).exclude(pk__in=[token.created_by_id, token.practitioner_id])
    return able.select_related("user", "organisation").distinct().order_by("name")


@transaction.atomic
def decide_token(*, token: ApiToken, teams: Collection[UUID], agrees: bool, by: Practitioner) -> None:
    """Confirm a token for those of `teams` (ids, as the page showed them) that `by` may confirm; or end it.

    ValidationError for whoever made the token, and where nothing waits for this person any more.
    """
    ApiToken.objects.select_for_update(no_key=True).get(pk=token.pk)
    if token.created_by_id == by.pk:
        raise ValidationError(_("You made this token. Somebody else has to confirm it."))
    about: list[Team | None] = list(teams_to_confirm(token, by).filter(pk__in=teams))
    if waits_as_a_whole(token, by):
        about.append(None)
    if not about:
        raise ValidationError(_("Nothing waits for you here any more: somebody has decided meanwhile."))
    if not agrees:
        close_token(token, by, "token.refuse")
        return
    TokenConfirmation.objects.bulk_create(
        TokenConfirmation(organisation_id=by.organisation_id, token=token, team=team, confirmed_by=by) for team in about
    )
    record_of(by, "token.confirm", purpose=f"token {token.prefix}")


def _open(tokens: ApiTokenQuerySet) -> ApiTokenQuerySet:
    return tokens.with_validity().filter(is_waiting=True, revoked_at=None, expires_at__gt=timezone.now())
