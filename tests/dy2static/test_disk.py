"""What is kept on disk is found whole or not at all, in a directory that is the user's alone, and never is an error."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from dy2static import disk
from tests.harness import ROOT

NAME = disk.name_of(b"key")
ON_POSIX = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="modes and owners are POSIX's")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DY2STATIC_CACHE", str(tmp_path / "own"))
    return tmp_path / "own"


def kept_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.code"))


def test_what_is_kept_is_found_under_its_name_alone(folder: Path) -> None:
    assert disk.read(NAME) is None and not folder.exists()
    disk.write(NAME, b"first")
    disk.write(disk.name_of(b"other"), b"")
    assert disk.read(NAME) == b"first"
    assert disk.read(disk.name_of(b"other")) == b""
    disk.write(NAME, b"second")
    assert disk.read(NAME) == b"second"
    assert len(list(folder.iterdir())) == 2


def test_a_file_that_is_not_whole_is_nothing_and_is_written_again(folder: Path) -> None:
    disk.write(NAME, b"what was made")
    file = kept_files(folder)[0]
    whole = file.read_bytes()
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        assert disk.read(NAME) is None
        file.write_bytes(whole[:length] + bytes([whole[length] ^ 1]) + whole[length + 1 :])
        assert disk.read(NAME) is None
    disk.write(NAME, b"what was made")
    assert disk.read(NAME) == b"what was made"


def test_a_file_of_another_name_is_nothing(folder: Path) -> None:
    disk.write(NAME, b"what was made")
    kept_files(folder)[0].rename(folder / f"{disk.name_of(b'other')}.code")
    assert disk.read(disk.name_of(b"other")) is None


@ON_POSIX
def test_files_and_folder_are_closed_to_others(folder: Path) -> None:
    disk.write(NAME, b"mine")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert kept_files(folder)[0].stat().st_mode & 0o777 == 0o600


@ON_POSIX
@pytest.mark.parametrize("mode", [0o755, 0o770, 0o701])
def test_a_folder_that_is_open_to_others_is_not_used(folder: Path, mode: int) -> None:
    disk.write(NAME, b"mine")
    folder.chmod(mode)
    assert disk.read(NAME) is None
    disk.write(disk.name_of(b"other"), b"mine")
    assert len(kept_files(folder)) == 1


@ON_POSIX
def test_a_folder_of_another_user_is_not_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk.write(NAME, b"theirs")
    monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)
    assert disk.read(NAME) is None


@pytest.mark.parametrize("place", ["a file", "below a file", "no place", "full"])
def test_where_nothing_can_be_written_nothing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    (tmp_path / "file").write_text("text")
    paths = {"a file": tmp_path / "file", "below a file": tmp_path / "file" / "in it", "no place": Path(os.devnull)}
    monkeypatch.setenv("DY2STATIC_CACHE", str(paths.get(place, tmp_path / "own")))
    if place == "full":
        monkeypatch.setattr(disk._Folder, "rename", lambda *_: (_ for _ in ()).throw(OSError(28, "no space left")))
    disk.write(NAME, b"mine")
    assert disk.read(NAME) is None
    disk.clear()
    assert not list(tmp_path.glob("own/*"))


@pytest.mark.parametrize("word", ["0", "false", "No", "OFF", " off "])
def test_the_environment_turns_it_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DY2STATIC_CACHE", word)
    assert disk.folder() is None
    disk.write(NAME, b"mine")
    assert disk.read(NAME) is None and not list(tmp_path.iterdir())


def test_it_is_switched_off_in_one_thread_and_back(folder: Path) -> None:
    found: list[str | None] = []
    with disk.switched(False):
        assert disk.folder() is None
        other = threading.Thread(target=lambda: found.append(disk.folder()))
        other.start()
        other.join()
        with disk.switched(True):
            assert disk.folder() == str(folder)
        assert disk.folder() is None
    assert found == [disk.folder()] == [str(folder)]


CONVENTIONS = [
    ("linux", {"XDG_CACHE_HOME": "/caches", "HOME": "/home/me"}, "/caches/dy2static"),
    ("linux", {"XDG_CACHE_HOME": "not/absolute", "HOME": "/home/me"}, "/home/me/.cache/dy2static"),
    ("linux", {"HOME": "/home/me"}, "/home/me/.cache/dy2static"),
    ("darwin", {"XDG_CACHE_HOME": "/caches", "HOME": "/Users/me"}, "/Users/me/Library/Caches/dy2static"),
    ("win32", {"LOCALAPPDATA": "/Local", "HOME": "/home/me"}, "/Local/dy2static"),
    ("win32", {"HOME": "/home/me"}, None),
    ("linux", {"DY2STATIC_CACHE": "~/mine", "HOME": "/home/me"}, "/home/me/mine"),
    ("linux", {"DY2STATIC_CACHE": "1", "HOME": "/home/me"}, "/home/me/.cache/dy2static"),
]


@pytest.mark.skipif(os.name != "posix", reason="the paths are POSIX's")
@pytest.mark.parametrize("platform, environment, expected", CONVENTIONS)
def test_the_folder_is_where_the_platform_has_caches(
    monkeypatch: pytest.MonkeyPatch, platform: str, environment: dict[str, str], expected: str | None
) -> None:
    for name in ("DY2STATIC_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert disk.folder() == expected


def test_files_are_bounded_and_the_oldest_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "MAX_BYTES", 20_000)
    monkeypatch.setattr(disk, "MAX_FILE", 2_000)
    disk.write(NAME, b"x" * 2_000)
    assert disk.read(NAME) is None, "it is too big"
    for number in range(500):
        disk.write(disk.name_of(b"%d" % number), b"x" * 184)
        held = sum(file.stat().st_size for file in kept_files(folder))
        assert held <= 20_000 + 200 * disk.STRIDE
        if kept_files(folder) and number % 10 == 0:
            stamp = time.time() - 10_000 + number
            os.utime(folder / f"{disk.name_of(b'%d' % number)}.code", (stamp, stamp))
    assert disk.read(disk.name_of(b"499")) is not None
    assert disk.read(disk.name_of(b"0")) is None


def test_what_writers_have_left_is_removed_and_nothing_else(folder: Path) -> None:
    disk.write(NAME, b"mine")
    old, new = folder / f"{NAME}.{'0' * 16}.tmp", folder / f"{NAME}.{'1' * 16}.tmp"
    theirs = [folder / name for name in ("notes.tmp", "morse.code", f"{NAME}.code.bak", f"{NAME[1:]}.code")]
    for file in (old, new, *theirs):
        file.write_bytes(b"part")
    for file in (old, *theirs):
        os.utime(file, (0, 0))
    with disk._Folder(str(folder)) as own:
        own.trim(disk.MAX_BYTES, disk.HOUR)
    assert not old.exists() and new.exists() and disk.read(NAME) == b"mine"
    disk.clear()
    assert sorted(folder.iterdir()) == sorted(theirs)


WRITER = """
import sys
from dy2static import disk
name, content = disk.name_of(b"key"), (sys.argv[1] * 40_000).encode()
for _ in range(200):
    disk.write(name, content)
    found = disk.read(name)
    assert found is not None and len(found) == 40_000 and len(set(found)) == 1, "it is not whole"
"""


def test_many_processes_write_one_file_and_all_find_it_whole(folder: Path) -> None:
    command = [sys.executable, "-c", WRITER]
    writers = [subprocess.Popen([*command, letter], cwd=ROOT, stderr=subprocess.PIPE, text=True) for letter in "abcd"]
    for one in writers:
        assert one.communicate()[1] == "" and one.returncode == 0
    assert [file.name for file in folder.iterdir()] == [f"{NAME}.code"]
