"""Bytes that later processes find again: files in the user's own cache directory, each written wholly or not at all.

    ~/.cache/dy2static/6d0c9b0f7a3e41d2c5b86f1e9d2a7c30.code    →    a checksum, and what was kept under that name

What is kept may be code, so only a directory is used that belongs to the user and is closed to all others. Whatever
is wrong with it, or with a file, means that nothing is found or kept, and never is an error.
"""

from __future__ import annotations

import os
import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import source_hash
from typing import Any

SWITCH = "DY2STATIC_CACHE"
OFF, ON = ("0", "false", "no", "off"), ("", "1", "true", "yes", "on")
ENDING = ".code"
MAX_BYTES = 32 << 20  # of all files; above it the oldest go
MAX_FILE = MAX_BYTES // 8
STRIDE = 32  # files written between two looks at what there is
DAY, HOUR = 86_400, 3600
_ON_POSIX = hasattr(os, "geteuid") and os.open in os.supports_dir_fd and os.scandir in os.supports_fd
# Nothing else that somebody may have put into the directory is ever removed.
FINISHED = r"[0-9a-f]{32}\.code"
TEMPORARY = r"[0-9a-f]{32}\.[0-9a-f]{16}\.tmp"
_local = threading.local()


def folder() -> str | None:
    """Where files are kept: as the environment says, else where the system wants caches. None where nothing is."""
    said = os.environ.get(SWITCH, "").strip()
    if said.lower() in OFF or getattr(_local, "is_off", False):
        return None
    if said.lower() not in ON:
        return os.path.expanduser(said)
    if sys.platform == "win32":
        around = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        around = os.path.expanduser("~/Library/Caches")
    else:
        around = os.environ.get("XDG_CACHE_HOME", "")
        around = around if os.path.isabs(around) else os.path.expanduser("~/.cache")
    return os.path.join(around, "dy2static") if os.path.isabs(around) else None


@contextmanager
def switched(is_on: bool) -> Iterator[None]:
    """Keeps and finds nothing in this thread, where it is off."""
    before, _local.is_off = getattr(_local, "is_off", False), not is_on
    try:
        yield
    finally:
        _local.is_off = before


def name_of(key: bytes) -> str:
    """The name under which what was made of `key` is kept."""
    return checksum(key).hex()


def checksum(content: bytes) -> bytes:
    """128 bits. hashlib takes longer to import than most things take to make anew."""
    return source_hash(content) + source_hash(content[::-1])


def read(name: str) -> bytes | None:
    """What was kept under `name`; None where nothing is, or not all of it."""
    path = folder()
    if path is None:
        return None
    with suppress(OSError), _Folder(path) as own:
        with open(own.open(name + ENDING, os.O_RDONLY), "rb") as file:
            content = file.read(MAX_FILE + 1)
            if content[:16] == checksum(name.encode() + content[16:]):
                _note_use(file.fileno())
                return content[16:]
    return None


def write(name: str, content: bytes) -> None:
    """Keeps `content` under `name`, in the place of what is there."""
    path = folder()
    if path is None or len(content) + 16 > MAX_FILE:
        return
    with suppress(OSError), _Folder(path, make=True) as own:
        temporary = f"{name}.{os.urandom(8).hex()}.tmp"
        try:
            with open(own.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb") as file:
                file.write(checksum(name.encode() + content) + content)
            own.rename(temporary, name + ENDING)
        except BaseException:
            own.remove(temporary)
            raise
        own.bound(int(name[-2:], 16))


def clear() -> None:
    """Drops all that is kept."""
    path = folder()
    if path is not None:
        with suppress(OSError), _Folder(path) as own:
            own.trim(0, 0)


def _note_use(file: int) -> None:
    """What was used lately stays longest; a day is near enough."""
    if _ON_POSIX and time.time() - os.fstat(file).st_mtime > DAY:
        os.utime(file)


class _Folder:
    """A directory that is open: nobody can put another in its place. Raises OSError for one that is not the user's."""

    written = 0

    def __init__(self, path: str, make: bool = False):
        self.path = path
        if make and not os.path.isdir(path):
            os.makedirs(path, 0o700, exist_ok=True)
        self.file = _checked(path) if _ON_POSIX else None

    def __enter__(self) -> _Folder:
        return self

    def __exit__(self, *raised: Any) -> None:
        if self.file is not None:
            os.close(self.file)

    def _at(self, name: str) -> str:
        return name if self.file is not None else os.path.join(self.path, name)

    def open(self, name: str, flags: int) -> int:
        return os.open(self._at(name), flags | getattr(os, "O_BINARY", 0), 0o600, dir_fd=self.file)

    def rename(self, old: str, new: str) -> None:
        os.replace(self._at(old), self._at(new), src_dir_fd=self.file, dst_dir_fd=self.file)

    def remove(self, name: str) -> None:
        with suppress(OSError):
            os.unlink(self._at(name), dir_fd=self.file)

    def bound(self, number: int) -> None:
        """Trims from time to time: after each so many files of this process, and of all."""
        _Folder.written += 1
        if _Folder.written % STRIDE == 0 or number % STRIDE == 0:
            self.trim(MAX_BYTES, HOUR)

    def trim(self, most: int, age: int) -> None:
        """Removes what writers that ended have left, and above `most` bytes the oldest files, to three quarters."""
        found: list[tuple[float, int, str]] = []
        with os.scandir(self.path if self.file is None else self.file) as entries:
            for entry in entries:
                with suppress(OSError):
                    state = entry.stat(follow_symlinks=False)
                    if re.fullmatch(FINISHED, entry.name):
                        found.append((state.st_mtime, state.st_size, entry.name))
                    elif re.fullmatch(TEMPORARY, entry.name) and time.time() - state.st_mtime >= age:
                        self.remove(entry.name)
        total = sum(size for _, size, _ in found)
        left = most * 3 // 4 if total > most else total
        for _, size, name in sorted(found):
            if total <= left:
                break
            self.remove(name)
            total -= size


def _checked(path: str) -> int:
    file = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    state = os.fstat(file)
    if state.st_uid != os.geteuid() or state.st_mode & 0o077:
        os.close(file)
        raise PermissionError(f"{path} is not the user's alone")
    return file
