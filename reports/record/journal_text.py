"""The same as plain text, in the form that a case record takes: short lines, headings in capitals, no formatting."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from clients.texts.protection import DO_NOT_TELL
from reports.client_page.document_tab import DocumentSession
from reports.record import sentences
from reports.record.choices import TABLE
from reports.record.content import RecordContent
from reports.record.goal_words import goal_wording
from sessions_app.texts.document import SUPPORT
from sessions_app.texts.instruments import short_name
from sessions_app.texts.points import points


def journal_text(content: RecordContent) -> str:
    """In the active language; whose it is the record knows, so no name and no reference."""
    blocks = [list(_top(content)), list(_goals(content)), list(_sessions(content)), list(_decisions(content))]
    if content.words_are_kept_back:
        blocks.append([sentences.words_kept_back()])
    blocks.append([_("From Medspil, %(day)s.") % {"day": sentences.day_of(content.day)}])
    return "\n\n".join("\n".join(lines) for lines in blocks if lines)


def _top(content: RecordContent) -> Iterator[str]:
    yield _("FEEDBACK-INFORMED TREATMENT (FIT)")
    if content.episode.client.is_protected:
        yield str(DO_NOT_TELL).upper()
    yield f"{sentences.period_of(content)}, {sentences.sessions_held(content)}"
    for course in content.courses:
        yield from sentences.measure_lines(course)
    yield from map(sentences.other_line, content.others)
    if content.said:
        yield content.said


def _goals(content: RecordContent) -> Iterator[str]:
    if content.goals:
        yield _("GOALS")
    for card in content.goals:
        wording = goal_wording(card.goal, may_quote=content.may_quote)
        quoted = f"”{wording}”" if card.goal.is_own_words and content.may_quote else wording
        yield f"- {quoted}: {sentences.goal_about(card)}"
        for step in card.steps:
            if content.may_quote or not step.is_own_words:
                yield f"  - {step.wording}: {sentences.goal_state(step)}"


def _sessions(content: RecordContent) -> Iterator[str]:
    told = [(one, list(_of_session(one, content))) for one in content.sessions]
    if any(lines for _one, lines in told):
        yield _("SESSIONS")
    for one, lines in told:
        if lines:
            yield f"{sentences.day_of(one.session.held_on)}. {sentences.session_line(one)}"
            yield from lines


def _of_session(one: DocumentSession, content: RecordContent) -> Iterator[str]:
    if content.choice.has(TABLE):
        totals = [_marks(one, course) for course in content.courses]
        yield from filter(None, totals)
    for part in one.parts:
        for text in part.words:
            yield f"  {_('Own words')} ({text.about.label}): ”{text.note.text}”"
        for text in part.remarks:
            yield f"  {text.about.label}: {text.note.text}"


def _marks(one: DocumentSession, course) -> str:
    found = next((each for each in course.series.sessions if each.key == str(one.session.pk)), None)
    if found is None:
        return ""
    of = course.series.of
    said = [f"{short_name(of.outcome)} {points(found.ors)}" if found.ors is not None else ""]
    said.append(f"{short_name(of.alliance)} {points(found.srs)}" if found.srs is not None else "")
    line = ", ".join(filter(None, said))
    return f"  {line}" if line else ""


def _decisions(content: RecordContent) -> Iterator[str]:
    decided = content.decisions
    if decided:
        yield _("DECIDED")
    for one, decision in decided:
        texts = [decision.text] + ([f"{content.names[SUPPORT]}: {decision.support}"] if decision.support else [])
        said = " ".join(filter(None, texts))
        line = f"- {sentences.day_of(one.session.held_on)}: {said}"
        yield " ".join(filter(None, (line, sentences.follow_up(decision))))
