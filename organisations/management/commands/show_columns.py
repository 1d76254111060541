"""`manage.py show_columns`: what each column of each table holds."""

from collections import Counter

from django.core.management.base import BaseCommand

from organisations.history.privacy import DataClass, marks


class Command(BaseCommand):
    help = "Prints, as a table, what each column holds: identity, words, score or technical."

    def add_arguments(self, parser):
        parser.add_argument("--only", choices=list(DataClass), help="only columns of this kind")

    def handle(self, *args, **options):
        self.stdout.write("| table | column | holds |\n|---|---|---|")
        count: Counter[DataClass] = Counter()
        for label, columns in sorted(marks().items()):
            for name, holds in sorted(columns.items()):
                if not options["only"] or holds == options["only"]:
                    count[holds] += 1
                    self.stdout.write(f"| {label} | {name} | {holds} |")
        self.stdout.write(f"\n{count.total()} columns: " + ", ".join(f"{n} {kind}" for kind, n in count.items()))
