"""What systemd is told of the site: that it is ready, and from then on, as long as it answers, that it is alive."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable

#: What systemd sets for a service that has `Type=notify` and `WatchdogSec=` (sd_notify(3), sd_watchdog_enabled(3)).
SOCKET_VARIABLE, WATCHDOG_VARIABLE = "NOTIFY_SOCKET", "WATCHDOG_USEC"


def watched(answers: Callable[[], bool]) -> None:
    """Say that the site is ready and then, in half of the time that is allowed, that it is alive, whenever it `answers`.

    Returns at once where nobody watches.
    """
    if not _tell("READY=1"):
        return
    allowed = int(os.environ.get(WATCHDOG_VARIABLE, "0")) / 1_000_000
    while allowed:
        time.sleep(allowed / 2)
        if answers():
            _tell("WATCHDOG=1")


def _tell(message: str) -> bool:
    """Tell systemd something; False when nobody listens."""
    address = os.environ.get(SOCKET_VARIABLE, "")
    if not address:
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to_systemd:
        to_systemd.sendto(message.encode(), "\0" + address[1:] if address.startswith("@") else address)
    return True
