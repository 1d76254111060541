"""make scim-check: the public tester of SCIM servers, whole, against a running Medspil. Exit 1 where a check fails.

Twice: once as an organisation has it from the start (what has no use here is left out), and once with all that SCIM
has a word for. Filters and entity tags, which the tester does not ask for, stand in tests/scim.
"""

import sys
import time
from datetime import timedelta

from bench.drills.people import make_organisation
from bench.running import running

TOO_MANY = 429
ROLES = ["practitioner", "team_lead"]


def check(address: str, secret: str) -> list:
    """What the tester found, check by check."""
    from httpx2 import Client, HTTPTransport
    from scim2_client.engines.httpx2 import SyncSCIMClient
    from scim2_tester import check_server

    class Patient(HTTPTransport):
        """Comes back when it is told to: the tester asks more in a minute than a token may."""

        def handle_request(self, request):
            while (response := super().handle_request(request)).status_code == TOO_MANY:
                response.close()
                time.sleep(int(response.headers["Retry-After"]))
            return response

    headers = {"Authorization": f"Bearer {secret}"}
    with Client(base_url=address, headers=headers, timeout=60, transport=Patient()) as client:
        return check_server(SyncSCIMClient(client))


def failed(results: list) -> list[str]:
    """A line for each check that did not pass; one that was left out did not."""
    from scim2_tester import Status

    good = (Status.SUCCESS, Status.COMPLIANT)
    return [f"{one.title}, {one.status.name}: {one.reason}" for one in results if one.status not in good]


def make_token(name: str, *, keeps_other: bool) -> str:
    """The secret of a token, in an organisation of its own that has switched SCIM on."""
    from organisations.models import Practitioner, Provisioning, Service, TokenConfirmation
    from organisations.tenancy.context import tenant
    from organisations.tokens.service import mint_system_token

    organisation, person = make_organisation(name)
    with tenant(organisation.pk):
        service = Service.objects.get(organisation=organisation)
        rules = {"is_on": True, "roles": ROLES, "service": service, "keeps_other": keeps_other}
        Provisioning.objects.create(organisation=organisation, **rules)
        asked = {"name": "IT", "scopes": ["scim"], "lifetime": timedelta(days=1), "teams": []}
        minted = mint_system_token(**asked, by=person)
        second = Practitioner.objects.create(organisation=organisation, name="Hanne", email="hanne@drill.example")
        TokenConfirmation.objects.create(organisation=organisation, token=minted.token, confirmed_by=second)
    return minted.secret


def main() -> int:
    """Print what failed; 1 where something did."""
    bad = 0
    with running(("broker", "web"), environment="demo") as whole:
        for name, keeps_other in (("usual", False), ("whole", True)):
            results = check(f"http://localhost:{whole.port}/scim/v2", make_token(name, keeps_other=keeps_other))
            lines = failed(results)
            bad += len(lines)
            sys.stdout.write("".join(f"FAILED {line}\n" for line in lines))
            sys.stdout.write(f"{name}: {len(results) - len(lines)} of {len(results)} checks of scim2-tester pass\n")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
