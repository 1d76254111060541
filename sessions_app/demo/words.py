"""What the demo's clients said: short, plausible and invented."""

from organisations.models import Country

# By country, in its language: after the ORS when the week was worse, as usual, better; after the SRS when it missed,
# and when it met.
SAID = {
    Country.DENMARK: {
        "worse": (
            "Jeg har ikke sovet siden onsdag.",
            "Min mor ringer hele tiden, og jeg tager den ikke.",
            "Pengene slap op den tiende.",
            "Jeg aflyste det hele.",
            "Det larmer inde i hovedet.",
            "Jeg savner min hund.",
        ),
        "usual": (
            "En helt almindelig uge.",
            "Det går op og ned.",
            "Jeg handler selv ind nu, men jeg gør det sent om aftenen.",
            "Ikke noget særligt. Det er også fint.",
            "Jeg venter på svar fra kommunen.",
        ),
        "better": (
            "Jeg lavede mad til os begge to.",
            "Jeg gik en tur hver dag undtagen søndag.",
            "Jeg sagde nej, og der skete ikke noget.",
            "Min bror var på besøg, og vi grinede.",
            "Jeg har sovet igennem tre nætter.",
            "Jeg tog bussen alene.",
        ),
        "missed": (
            "Vi talte om noget andet, end jeg ville.",
            "Det gik lidt hurtigt.",
            "Jeg fik ikke sagt det vigtigste.",
            "Der var for mange i rummet.",
        ),
        "met": (
            "Det var godt, at vi skrev det ned.",
            "Du spurgte, før du foreslog noget.",
            "Vi blev ved det, jeg kom med.",
            "Jeg kan godt lide, når vi går imens.",
            "Det var det rigtige at tale om.",
        ),
    },
    Country.SWEDEN: {
        "worse": (
            "Jag har inte sovit på tre nätter.",
            "Vi bråkar om allt hemma.",
            "Jag gick inte till skolan i torsdags.",
            "Allt känns tungt.",
            "Jag orkar inte svara när folk ringer.",
        ),
        "usual": (
            "En vanlig vecka.",
            "Det går upp och ner.",
            "Ungefär som förra gången.",
            "Jag väntar på besked.",
            "Inget särskilt har hänt.",
        ),
        "better": (
            "Vi åt middag tillsammans utan att bråka.",
            "Jag var på träningen två gånger.",
            "Min dotter berättade något för mig.",
            "Jag sa som det var, och det gick bra.",
            "Jag har sovit bättre.",
        ),
        "missed": (
            "Vi pratade mest om skolan, inte om hemma.",
            "Det gick lite fort.",
            "Jag hann inte säga det viktigaste.",
        ),
        "met": (
            "Du frågade vad jag ville först.",
            "Det var bra att vi ritade.",
            "Vi pratade om det jag ville.",
            "Det kändes lugnt här idag.",
        ),
    },
}
