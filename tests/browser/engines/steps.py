"""Steps of a session that several tests take, in any engine."""

from tests.browser.engines.screen import Screen

ORS_LINES = ("individual", "relations", "social", "overall")
NAMES = ("Nils", "N-014", "Solsikke")


def start(screen: Screen) -> None:
    screen.press("Start session")
    screen.arrive("/sessions/")


def hand_over(screen: Screen, instrument: str) -> None:
    screen.press(f"Hand over for the {instrument}")
    screen.arrive("/f/")


def names_shown(screen: Screen) -> list[str]:
    """Names of a person or a house that can be read of the page: its source, its title, its address."""
    everything = screen.driver.page_source + screen.driver.title + screen.url
    return [name for name in NAMES if name in everything]
