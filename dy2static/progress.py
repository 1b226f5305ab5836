"""A word from time to time while converting or tracing takes long: by the logger `dy2static`, and on a terminal by
stderr.

    dy2static: tracing model() for 12 s: attempt 3, 48,640 ops, at model.py:31
"""

from __future__ import annotations

import os
import sys
import time

from runtime.ir import Frame

FIRST = 3.0  # seconds before the first word
STRIDE = 128  # ops between two looks at the clock


class Progress:
    """What converting one function does, or tracing it, over all its attempts."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.ops = 0
        self.started = time.monotonic()
        self.next = self.started + FIRST

    def is_due(self) -> bool:
        """Counts an op; whether it is time to say something."""
        self.ops += 1
        return self.ops % STRIDE == 0 and time.monotonic() >= self.next

    def say(self, frame: Frame | None, attempts: int) -> None:
        at = f", at {os.path.basename(frame.file)}:{frame.line}" if frame is not None else ""
        self._tell("tracing", f"attempt {attempts}, {self.ops:,} ops{at}")

    def step(self, act: str, step: str) -> None:
        """Says, if it is time to, which step of converting or tracing comes next."""
        if time.monotonic() >= self.next:
            self._tell(act, step)

    def _tell(self, act: str, state: str) -> None:
        import logging

        now = time.monotonic()
        passed = now - self.started
        self.next = now + max(FIRST, passed / 2)  # rarer as time goes by
        text = f"{act} {self.name}() for {passed:.0f} s: {state}"
        logging.getLogger("dy2static").info(text)
        if sys.stderr is not None and sys.stderr.isatty():
            print(f"dy2static: {text}", file=sys.stderr)
