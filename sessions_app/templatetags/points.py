"""Totals as people read them."""

from django import template

from sessions_app.texts.points import points

register = template.Library()
register.filter("points", points)
