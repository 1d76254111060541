"""Tokens of the API: one's own, and for administrators all of the house."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organisations.access import requires
from organisations.roles import Can
from organisations.tokens import service
from organisations.tokens.forms import SystemTokenForm, TokenForm
from organisations.tokens.models import ApiToken


@requires(Can.MANAGE_PEOPLE)
def tokens(request):
    """Every token of the house: whose, for what, until when, used last; and a new one for a system."""
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


@require_POST
@requires(Can.MANAGE_PEOPLE, Can.VIEW_CLIENT)
def token_revoke(request, token_id):
    """Close a token at once: any of the house for an administrator, else one's own."""
    by = request.practitioner
    visible = ApiToken.objects.visible_to(by)
    if not by.can(Can.MANAGE_PEOPLE):
        visible = visible.filter(practitioner=by)
    token = get_object_or_404(visible, pk=token_id)
    service.revoke_token(token=token, by=by)
    messages.success(request, _("The token %(name)s opens nothing any more.") % {"name": token.name})
    return redirect("tokens" if by.can(Can.MANAGE_PEOPLE) else "own-tokens")


def _shown_once(request, minted, back):
    context = {"token": minted.token, "secret": minted.secret, "back": back}
    return TemplateResponse(request, "organisations/token_made.html", context)


def _list_page(request, form, tokens, name):
    context = {
        "form": form,
        "tokens": service.told(tokens.with_validity().select_related("practitioner", "created_by").newest_first()),
        "house": name == "tokens",
        "name": name,
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "organisations/tokens.html", context, status=status)
