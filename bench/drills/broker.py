"""`make drill-broker`: the broker is away for a minute while answers come in, the worker dies, the clock jumps.

Exit 1 when an answer, an alert or a mail is lost or doubled, or late.
"""

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
LONGEST_LEASE = 40.0  # what work waits that was lost with four workers (organisations/jobs/outbox.py)
INVITED = 20  # half of them before, half while the broker is away
WORKER_KILLS = 4  # while a quarter of the answers comes in, once all that waited for the broker is done
JUMPS = (0, -1, 0, 26, 2)
"""Where the clock stands at each round of the digests, in hours after eight tomorrow: back, on, a day ahead, back."""


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
    later = forms[: number // 4]
    _invite(organisation, range(INVITED // 2))
    answers = threading.Thread(target=answer_all, args=(whole.port, forms[len(later) :], ledger), kwargs={"rate": rate})
    answers.start()
    whole.kill("broker")
    _invite(organisation, range(INVITED // 2, INVITED))
    time.sleep(seconds)
    answers.join()
    whole.start("broker")
    waits = [_wait_for_alerts(organisation)]
    answers = threading.Thread(target=answer_all, args=(whole.port, later, ledger), kwargs={"rate": rate})
    answers.start()
    _kill_workers(whole)
    answers.join()
    waits.append(_wait_for_alerts(organisation))
    for hours in JUMPS:
        _digests_from_two_schedulers(whole, hours)
    return _print(organisation, ledger, mailbox, len(forms), seconds, waits)


def _wait_for_alerts(organisation) -> float:
    """Seconds until no work waits and each alert is there."""
    return wait_until(lambda: outbox_is_empty() and not alerts_off(organisation)[1], 4 * (RECOVERY + LONGEST_LEASE))


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


def _kill_workers(whole: Running) -> None:
    """SIGKILL to the worker in the midst of its work, and another one at once."""
    for _ in range(WORKER_KILLS):
        time.sleep(1.5)
        whole.kill("worker")
        whole.start("worker")


def _digests_from_two_schedulers(whole: Running, hours: int) -> None:
    """Two schedulers at the same moment, whose clock stands so many hours after eight tomorrow."""
    command = [sys.executable, "-m", "bench.drills.digest", str(hours)]
    both = [subprocess.Popen(command, env=whole.env, cwd=PROJECT) for _ in "ab"]
    for one in both:
        one.wait()


def _print(organisation, ledger: Ledger, mailbox: Mailbox, forms: int, seconds: float, waits: list[float]) -> bool:
    lost, doubled = lost_and_doubled(ledger, stored_answers(organisation))
    wanted, off = alerts_off(organisation)
    mails = mailbox.received
    most = max(mails.values(), default=0)
    invited = sum(to != "drill@drill.example" for to, _subject in mails)
    print(f"broker away for {seconds:.0f} s; {len(ledger.acknowledged)} of {forms} answers acknowledged meanwhile")
    print(f"answers lost {lost}, doubled {doubled}; alerts {wanted}, lost or doubled {off}")
    bars = (RECOVERY, RECOVERY + LONGEST_LEASE)
    for waited, bar, event in zip(waits, bars, ("broker's return", "last worker's start"), strict=True):
        print(f"all alerts were there {waited:.1f} s after the {event} (bar: {bar:.0f} s)")
    print(f"worker killed {WORKER_KILLS} times; two schedulers at {len(JUMPS)} moments, the clock going forth and back")
    print(f"mails: {sum(mails.values())} to {len({to for to, _ in mails})} people, at most {most} an event and person")
    if invited < INVITED:
        print(f"only {invited} of {INVITED} invitations came")
    complete = len(ledger.acknowledged) == forms and invited == INVITED and len(mails) > INVITED
    return (
        complete
        and not (lost or doubled or off)
        and all(waited <= bar for waited, bar in zip(waits, bars, strict=True))
        and most == 1
        and wanted > 0
    )


if __name__ == "__main__":
    sys.exit(main())
