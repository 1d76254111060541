"""`make drill-broker`: the broker is away for a minute while answers come in. Exit 1 when an alert is lost or late."""

import argparse
import random
import subprocess
import sys
import threading
import time

from bench.drills.answering import Ledger, answer_all
from bench.drills.counting import alerts_off, lost_and_doubled, outbox_is_empty, stored_answers
from bench.drills.mailbox import Mailbox
from bench.drills.people import make_organisation, open_forms
from bench.running import Running, running, wait_until
from fit_project.local.demo import PROJECT

SESSIONS = 8
RECOVERY = 30.0  # seconds after the broker's return within which every alert must be there
INVITED = 20  # half of them before, half while the broker is away


def main() -> int:
    """Print the counts; 1 on a loss, a doubling, a second mail of one event to one person, or a late alert."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=60, help="how long the broker is away")
    options.add_argument("--n", type=int, default=160, help="answers")
    chosen = options.parse_args()
    mailbox = Mailbox()
    with running(smtp_port=mailbox.port) as whole:
        return 0 if _drill(whole, mailbox, chosen.n, chosen.seconds) else 1


def _drill(whole: Running, mailbox: Mailbox, number: int, seconds: float) -> bool:
    organisation, person = make_organisation("drill", mails=True)
    forms = open_forms(organisation, person, -(-number // SESSIONS), SESSIONS)[:number]
    random.Random(1).shuffle(forms)
    ledger, rate = Ledger(), number / (seconds * 0.8)  # most of them while it is away
    _invite(organisation, range(INVITED // 2))
    answers = threading.Thread(target=answer_all, args=(whole.port, forms, ledger), kwargs={"rate": rate})
    answers.start()
    whole.kill("broker")
    _invite(organisation, range(INVITED // 2, INVITED))
    time.sleep(seconds)
    answers.join()
    whole.start("broker")
    delay = wait_until(lambda: outbox_is_empty() and not alerts_off(organisation)[1], 4 * RECOVERY)
    _digests_from_two_schedulers(whole)
    return _print(organisation, ledger, mailbox, len(forms), seconds, delay)


def _invite(organisation, numbers: range) -> None:
    from organisations.models import Practitioner
    from organisations.roles import Role
    from organisations.services.people import add_practitioner
    from organisations.tenancy.context import tenant

    with tenant(organisation.pk):
        by = Practitioner.objects.first()
        for number in numbers:
            name = f"Person {number}"
            add_practitioner(name=name, email=f"{number}@drill.example", role=Role.PRACTITIONER, teams=[], by=by)


def _digests_from_two_schedulers(whole: Running) -> None:
    """Tomorrow morning, twice at the same moment: each person still gets one mail."""
    both = [subprocess.Popen([sys.executable, "-m", "bench.drills.digest"], env=whole.env, cwd=PROJECT) for _ in "ab"]
    for one in both:
        one.wait()


def _print(organisation, ledger: Ledger, mailbox: Mailbox, forms: int, seconds: float, delay: float) -> bool:
    lost, doubled = lost_and_doubled(ledger, stored_answers(organisation))
    wanted, off = alerts_off(organisation)
    mails = mailbox.received
    most = max(mails.values(), default=0)
    invited = sum(to != "drill@drill.example" for to, _subject in mails)
    print(f"broker away for {seconds:.0f} s; {len(ledger.acknowledged)} of {forms} answers acknowledged meanwhile")
    print(f"answers lost {lost}, doubled {doubled}; alerts {wanted}, lost or doubled {off}")
    print(f"all alerts were there {delay:.1f} s after the broker's return (bar: {RECOVERY:.0f} s)")
    print(f"mails: {sum(mails.values())} to {len({to for to, _ in mails})} people, at most {most} an event and person")
    if invited < INVITED:
        print(f"only {invited} of {INVITED} invitations came")
    complete = len(ledger.acknowledged) == forms and invited == INVITED and len(mails) > INVITED
    return complete and not (lost or doubled or off) and delay <= RECOVERY and most == 1 and wanted > 0


if __name__ == "__main__":
    sys.exit(main())
