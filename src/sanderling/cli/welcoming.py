"""What a start tells where nobody can sign in yet, and the practice network that goes on."""

from __future__ import annotations

from django.conf import settings

from sanderling.cli.errors import screen
from sanderling.listen.ours import addresses
from sanderling.people.queries import has_agents
from sanderling.people.welcoming import FILE, address, shut
from sanderling.wiring import PRACTICE_HERE


def tell(host: str, port: int) -> None:
    """Print the address at which an empty desk is set up; where an agent is, it opens nothing."""
    if settings.DEMO:
        return
    if has_agents():
        shut(settings.DATA)
        return
    name = f"[{host}]" if ":" in host else host
    found = address(settings.DATA, settings.PUBLIC_URL or f"http://{name}:{port}")
    screen.print(
        "Nobody can sign in yet. Open this address once, and it leads you through the rest:"
    )
    screen.print(f"\n  {found}\n", style="bold", markup=False, soft_wrap=True)
    screen.print(f"It also stands in {settings.DATA / FILE}.", markup=False, soft_wrap=True)


def go_on_practising() -> None:
    """Start the practice network again where an account of ours is connected to it. The demo has
    one of its own."""
    if not settings.DEMO:
        PRACTICE_HERE.resume(addresses("practice"))
