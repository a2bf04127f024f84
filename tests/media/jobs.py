"""Work for the tests of the worker process: it does what the address of the picture tells it to.

It is imported by name in the worker, so it stands in a module of its own.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence

from sluice.media.values import Box, Line, Picture, Sight
from sluice.media.workshop import Done, Look, Paint


def obedient(jobs: Sequence[Look | Paint]) -> list[Done]:
    return [_done(job) for job in jobs]


FACE = Box(10, 10, 50, 50)


def _done(job: Look | Paint) -> Done:
    """A painted picture holds what was blurred in it."""
    if isinstance(job, Paint):
        return Done(Picture("image/png", repr(job.blurs).encode()), Sight())
    told = job.url
    if "HANG" in told:
        time.sleep(60)
    if "DIE" in told:
        os._exit(3)
    line = Line(told, Box(0, 0, 0, 0), (), 1.0)
    return Done(Picture("image/png", str(os.getpid()).encode()), Sight((line,), (), (FACE,) if job.faces else ()))
