"""The children of the demo, each rated by others too. Every one is invented."""

from typing import Any

from sessions_app.demo.who import YOUTH, Known, Other

HERE: dict[str, Any] = {
    "service": "Ungdomsstöd",
    "team": YOUTH,
    "contact": "Elin Åberg",
    "second_contact": "Maja Lindqvist",
}

# The ages lie in the middle of an age band, so that it is the same at the first session, whatever the day.
CHILDREN = (
    Known(
        "L-508",
        "Liv",
        0,
        14,
        9,
        (214, 226, 221, 248, 263, 271, 289),
        (352, 360, 358, 371, 374, 380, 378),
        5,
        "15:00",
        words={5: ("Jag lekte med Noor på rasten.", "Vi ritade.")},
        forms=("cors", "csrs"),
        others=(
            Other("mother", "", "cors", (168, 175, 190, 186, 221, 240, 252)),
            Other("father", "", "cors", (236, 240, 251, 249, 262, 274, 281)),
            Other("caretaker", "Mormor", "cors", (None, 244, 250, 268, 279, 296, 301)),
            Other("teacher", "", "cors", (142, None, 151, 148, 163, 159, 172)),
            Other("professional", "Skolsköterskan", "cors", (None, None, 182, 201, None, 214, 226)),
        ),
        age=8,
        **HERE,
    ),
    Known(
        "T-515",
        "Tage",
        0,
        14,
        10,
        (231, 238, 226, 247, 262, 274),
        (341, 352, 349, 360, 364, 370),
        4,
        "16:00",
        others=(Other("caretaker", "", "ors", (152, 160, 149, 171, 168, 190)),),
        age=15,
        **HERE,
    ),
    Known(
        "S-505",
        "Sixten",
        0,
        14,
        11,
        (2, 1, 2, 3, 3),
        (3, 3, 4, 4, 4),
        3,
        "13:00",
        forms=("ycors", "ycsrs"),
        others=(Other("caretaker", "Pappa", "cors", (176, 182, 205, 221, 240)),),
        age=5,
        **HERE,
    ),
)
