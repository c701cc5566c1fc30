"""Ctrl-C after a solver has run: Z3 takes the signal while it searches, and does not always give it back whole.

Measured in 2026-11 with Z3 as locked: after some searches a thread that waited for a lock or a child heard of Ctrl-C only
when its wait was over. With Python's handler installed anew it hears at once. Why is not known here.
"""

import signal
import threading


def heard_again() -> None:
    """Install Python's handler anew; does nothing outside the main thread, or where the handler is not Python's."""
    if threading.current_thread() is threading.main_thread():
        handler = signal.getsignal(signal.SIGINT)
        if handler is not None:
            signal.signal(signal.SIGINT, handler)
