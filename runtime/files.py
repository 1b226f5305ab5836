"""Files that are written wholly, or not at all."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO


@contextmanager
def replacing(name: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """A new file that takes the place of `name` when all is written and on the disk, and leaves no trace otherwise."""
    path = os.path.realpath(name)
    if os.path.isdir(path):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    temporary = f"{path}.{os.urandom(4).hex()}.tmp"
    try:
        with open(temporary, "xb") as file:
            if os.path.exists(path):
                os.chmod(temporary, stat.S_IMODE(os.stat(path).st_mode))
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException as fault:
        if os.path.exists(temporary):
            os.unlink(temporary)
        if isinstance(fault, OSError) and fault.filename == temporary:
            fault.filename = path
        raise
