"""What is reported within minutes: events that should never happen, by mail."""

from components.watch.component import Watch, WatchArgs, rules_publish
from components.watch.patterns import Pattern, backups_failed, findings, keys_switched_off, role_taken, tampering

__all__ = [
    "Pattern",
    "Watch",
    "WatchArgs",
    "backups_failed",
    "findings",
    "keys_switched_off",
    "role_taken",
    "rules_publish",
    "tampering",
]
