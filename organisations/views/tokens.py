"""Tokens of the API: one's own, and for administrators all of the organisation."""

from django.contrib import messages
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from organisations.access import requires
from organisations.forms.tokens import DecisionForm, SystemTokenForm, TokenForm
from organisations.models import ApiToken, Team, TokenConfirmation
from organisations.roles import Can
from organisations.tokens import confirming, service
from organisations.tokens.scopes import PROVISIONING


@requires(Can.MANAGE_PEOPLE)
def tokens(request):
    """Every token of the organisation: whose, for what, until when, used last; and a new one for a system."""
    form = SystemTokenForm(request.POST or None, request=request)
    if request.method == "POST" and form.carry_out(service.mint_system_token, by=request.practitioner):
        return _shown_once(request, form.outcome, "tokens")
    return _list_page(request, form, ApiToken.objects.visible_to(request.practitioner), "tokens")


@requires(Can.VIEW_CLIENT)
def own_tokens(request):
    """One's own tokens, and a new one."""
    form = TokenForm(request.POST or None, request=request)
    if request.method == "POST" and form.carry_out(service.mint_own_token, by=request.practitioner):
        return _shown_once(request, form.outcome, "own-tokens")
    mine = ApiToken.objects.visible_to(request.practitioner).filter(practitioner=request.practitioner)
    return _list_page(request, form, mine, "own-tokens")


@require_safe
@requires(Can.CONFIRM_TOKENS)
def token_requests(request):
    """The systems that read one's teams' clients, and those that ask to."""
    shown = confirming.tokens_shown_to(request.practitioner)
    context = {"tokens": _rows(shown, request.practitioner), "of_organisation": True, "deciding": True}
    return TemplateResponse(request, "organisations/token_requests.html", context)


@requires(Can.CONFIRM_TOKENS)
def token_confirm(request, system_token_id):
    """What a system asks for; a second person says, with their password, whether it may."""
    by = request.practitioner
    token = get_object_or_404(confirming.tokens_shown_to(by), pk=system_token_id)
    teams = confirming.teams_to_confirm(token, by).select_related("service").order_by("name")
    form = DecisionForm(request.POST if request.method == "POST" else None, request=request, teams=teams)
    if request.method == "POST" and form.carry_out(confirming.decide_token, token=token, by=by):
        said = _("%(name)s is confirmed.") if form.cleaned_data["agrees"] else _("%(name)s opens nothing any more.")
        messages.success(request, said % {"name": token.name})
        return redirect("token-requests")
    [row] = service.told([token])
    context = {"row": row, "teams": teams, "form": form, "waiting": confirming.waiting_teams(token).order_by("name")}
    context["makes_log_ins"] = PROVISIONING in token.scopes
    context["decides"] = bool(teams) or confirming.waits_as_a_whole(token, by)
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "organisations/token_confirm.html", context, status=status)


@require_POST
@requires(Can.MANAGE_PEOPLE, Can.VIEW_CLIENT)
def token_revoke(request, token_id):
    """Close a token at once: any of the organisation for an administrator, else one's own."""
    by = request.practitioner
    visible = ApiToken.objects.visible_to(by)
    if not by.can(Can.MANAGE_PEOPLE):
        visible = visible.filter(practitioner=by)
    token = get_object_or_404(visible, pk=token_id)
    service.revoke_token(token=token, by=by)
    messages.success(request, _("The token %(name)s opens nothing any more.") % {"name": token.name})
    return redirect("tokens" if by.can(Can.MANAGE_PEOPLE) else "own-tokens")


def _shown_once(request, minted, back):
    context = {"token": minted.token, "secret": minted.secret, "back": back, "of_organisation": back == "tokens"}
    context["makes_log_ins"] = PROVISIONING in minted.token.scopes
    if context["of_organisation"]:
        context["confirmers"] = list(confirming.confirmers_of(minted.token))
    return TemplateResponse(request, "organisations/token_made.html", context)


def _list_page(request, form, tokens, name):
    context = {
        "form": form,
        "tokens": _rows(tokens.with_validity().with_waiting(), request.practitioner),
        "of_organisation": name == "tokens",
        "name": name,
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "organisations/tokens.html", context, status=status)


def _rows(tokens, by):
    """The newest first, with whose rights they have, their teams, and who has confirmed them."""
    agreed = (
        TokenConfirmation.objects.visible_to(by)
        .select_related("confirmed_by", "team")
        .order_by("confirmed_at", "team__name")
    )
    teams = Prefetch("practitioner__teams", Team.objects.visible_to(by).order_by("name"))
    rows = tokens.select_related("practitioner", "created_by").prefetch_related(
        Prefetch("confirmations", agreed), teams
    )
    return service.told(rows.newest_first())
