"""Steps of a session that several tests take, in any engine."""

from organisations.tenancy.context import tenant
from sessions_app.models import Rating
from tests.browser.conftest import PIN
from tests.browser.engines.screen import Screen

ORS_LINES = ("individual", "relations", "social", "overall")
SRS_LINES = ("relation", "goals", "approach", "overall")
NAMES = ("Nils", "N-014", "Solsikke")
CARRIED = "return Boolean(sessionStorage.getItem('medspil.forms') && navigator.serviceWorker.controller);"


def start(screen: Screen) -> None:
    screen.press("Start session")
    screen.arrive("/sessions/")


def carry(screen: Screen) -> None:
    """Start a session and wait until the device carries its forms."""
    start(screen)
    screen.wait(lambda: screen.run(CARRIED))


def hand_over(screen: Screen, instrument: str) -> None:
    screen.press(f"Hand over for the {instrument}")
    screen.arrive("/f/")
    screen.wait(lambda: screen.count("form.lines.is-drawn"))


def finish(screen: Screen, lines: tuple[str, ...], share: float = 0.6) -> None:
    screen.mark(lines, share)
    screen.press("Done")


def unlock(screen: Screen) -> None:
    screen.fill("PIN", PIN)  # the sixth digit sends it


def names_shown(screen: Screen) -> list[str]:
    """Names of a person or a house that can be read of the page: its source, its title, its address."""
    everything = screen.driver.page_source + screen.driver.title + screen.url
    return [name for name in NAMES if name in everything]


def marks_stored(ann) -> dict[str, list[int]]:
    """The marks of the session that was begun by hand, by instrument."""
    with tenant(ann.organisation_id):
        rows = Rating.objects.filter(session__started_at__isnull=False)
        return {rating.instrument: rating.marks for rating in rows}
