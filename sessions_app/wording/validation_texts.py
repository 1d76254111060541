"""The words about a file that is no pack."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from sessions_app.wording.validation import PackFault

SENTENCES = {
    "too_large": gettext_noop("The file is larger than %(kilobytes)s kB."),
    "not_utf8": gettext_noop("The file is not UTF-8 text."),
    "not_json": gettext_noop("This is not JSON."),
    "too_deep": gettext_noop("The file is nested too deeply."),
    "twice": gettext_noop("“%(name)s” stands twice in one object."),
    "odd_number": gettext_noop("The file holds a number that cannot be read."),
    "not_object": gettext_noop("An object, { … }, belongs here."),
    "not_array": gettext_noop("A list, [ … ], belongs here."),
    "not_string": gettext_noop("A text, in quotation marks, belongs here."),
    "missing": gettext_noop("“%(name)s” is missing."),
    "unknown_name": gettext_noop("“%(name)s” is not part of a pack."),
    "not_one_of": gettext_noop("Not one of: %(allowed)s."),
    "too_long": gettext_noop("Longer than %(most)s characters."),
    "empty": gettext_noop("Nothing stands here."),
    "pattern": gettext_noop("Not written as it must be; look at the schema."),
    "markup": gettext_noop("Text only: <, > and entities such as &amp; are refused."),
    "control": gettext_noop("Line breaks and other control characters are refused."),
    "item_count": gettext_noop("One to %(most)s items belong here."),
    "keys": gettext_noop("The items' keys must be %(wanted)s, in this order; found: %(found)s."),
    "answer_count": gettext_noop("Exactly %(wanted)s answers belong here."),
    "no_others": gettext_noop("Nobody but the client fills in this instrument."),
    "image_kind": gettext_noop("Only whole PNG images of at most 512 by 512 points, as a data URI."),
}


def sentence(fault: PackFault) -> str:
    """Line, column and place of a fault, and what is wrong, in the active language."""
    what = _(SENTENCES[fault.code]) % fault.params if fault.params else _(SENTENCES[fault.code])
    where = {"line": fault.line, "column": fault.column, "place": fault.place, "what": what}
    if fault.place:
        return _("Line %(line)s, column %(column)s (%(place)s): %(what)s") % where
    return _("Line %(line)s, column %(column)s: %(what)s") % where
