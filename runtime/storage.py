"""Saving a Program to a `.d2s` file, and loading it.

A `.d2s` is one zip whose members are stored, not deflated: `program.json`, the canonical document, and
`weights/NAME.npy`. It is data only: names are looked up in closed tables, and sizes, counts and depth are checked
before anything is allocated.
"""

from __future__ import annotations

import errno
import json
import os
import re
import zipfile
from typing import IO, Any, TypeAlias

from runtime.datum import Array
from runtime.document import from_document, to_document
from runtime.errors import FileError, ProgramError
from runtime.files import replacing
from runtime.ir import Program, program_of
from runtime.scope import closed
from runtime.verifier import verify
from runtime.weights import Weights, read_array, view_of, write_array

FORMAT = "dy2static program"
VERSION = 1
DOCUMENT = "program.json"
MAX_MEMBERS = 65_000
MAX_DOCUMENT = 1 << 28  # bytes
MAX_DEPTH = 400  # brackets in brackets
AGAIN = "copy it anew, or save the program again"
WRITTEN = "give a file that f.save or runtime.save wrote"

Path: TypeAlias = "str | os.PathLike[str]"


# Saving


def save_program(program: Program, path: Path) -> None:
    """Writes `program` to `path`: wholly, or not at all. The same program gives the same bytes.

    Parameters that are kept in a scope become weights, as the current scope holds them.

    Raises TypeError for what is no Program or no path, and naming what is not data, ProgramError for a program that
    breaks an invariant, and for a place that cannot be written what the operating system says.
    """
    program, path = program_of(program), _checked(path)
    weights = Weights()
    try:
        tree = to_document(verify(closed(program)), weights.keep)
        tree |= {"format": FORMAT, "version": VERSION, "weights": weights.table()}
        document = json.dumps(tree, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")
        if len(document) > MAX_DOCUMENT or len(weights.arrays) >= MAX_MEMBERS:
            raise TypeError(
                f"it is too large: {len(document)} bytes and {len(weights.arrays)} weights; make it smaller"
            )
    except TypeError as fault:
        raise TypeError(f"saving program {program.name} as {os.fspath(path)!r}: {fault}") from None
    with replacing(path) as file, zipfile.ZipFile(file, "w") as archive:
        with archive.open(_member(DOCUMENT), "w") as member:
            member.write(document)
        for entry in tree["weights"]:
            if entry["view"] is None:
                array = weights.arrays[entry["name"]]
                with archive.open(_member(_weight(entry["name"])), "w", force_zip64=array.nbytes > 1 << 30) as member:
                    write_array(member, array)


def _checked(path: Any) -> Path:
    """A path as it is. Python's `open` takes a number for a file that is open already, and closes it in the end."""
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(f"a program is kept in a file: give its path, such as 'f.d2s', and not {path!r:.80}")
    return path


def _member(name: str) -> zipfile.ZipInfo:
    """The head of a member: the same on every machine and day."""
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.create_system = 3
    info.external_attr = 0o644 << 16
    return info


# Loading


def load_program(path: Path) -> Program:
    """The Program of a file that `save_program` wrote.

    Raises FileError for whatever is wrong with the contents, for a file that cannot be opened what `open` raises, and
    TypeError for what is no path.
    """
    with open(_checked(path), "rb") as file:
        try:
            return _load(file)
        except FileError as fault:
            raise FileError(f"loading {os.fspath(path)!r}: {fault}") from fault.__cause__
        except OSError as fault:
            if fault.errno not in (None, errno.EINVAL):  # EINVAL: a damaged zip sent us to a place before the file
                raise
            raise FileError(f"loading {os.fspath(path)!r}: {_damaged(fault)}") from fault
        except Exception as fault:  # zipfile, json and NumPy raise some ten classes for bytes that are not theirs
            raise FileError(f"loading {os.fspath(path)!r}: {_damaged(fault)}") from fault


def _damaged(fault: BaseException) -> str:
    found = str(fault) or type(fault).__name__
    return f"it is damaged ({found}), and a whole .d2s file was expected; {AGAIN}"


def _load(file: IO[bytes]) -> Program:
    archive = _open(file)
    members = _members(archive, os.fstat(file.fileno()).st_size)
    if DOCUMENT not in members:
        raise FileError(f"it holds no {DOCUMENT}, so it is another kind of zip; {WRITTEN}")
    tree = _read_document(archive, members.pop(DOCUMENT))
    weights = _read_weights(archive, members, tree["weights"])
    try:
        return verify(from_document(tree, weights.__getitem__))
    except ProgramError as fault:
        raise FileError(f"its program breaks an invariant, and a sound one was expected; {AGAIN}\n{fault}") from fault


def _open(file: IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except zipfile.BadZipFile as fault:
        file.seek(0)
        if file.read(2) == b"PK":
            raise FileError(f"it is cut short or damaged ({fault}); {AGAIN}") from fault
        raise FileError(f"it is not a .d2s file; {WRITTEN}") from fault


def _members(archive: zipfile.ZipFile, size: int) -> dict[str, zipfile.ZipInfo]:
    """The members by name; their names differ, they are plainly stored, and together they fit into the file."""
    infos = archive.infolist()
    if len(infos) > MAX_MEMBERS:
        raise ValueError(f"{len(infos)} members, and at most {MAX_MEMBERS} are read")
    for info in infos:
        if info.compress_type != zipfile.ZIP_STORED or info.flag_bits or info.file_size != info.compress_size:
            raise ValueError(f"the member {info.filename!r} is compressed or encrypted")
    if sum(info.file_size for info in infos) > size:
        raise ValueError("the members are longer than the file")
    members = {info.filename: info for info in infos}
    if len(members) < len(infos):
        raise ValueError("two members have one name")
    return members


def _read_document(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> dict[str, Any]:
    if info.file_size > MAX_DOCUMENT:
        raise ValueError(f"{DOCUMENT} has {info.file_size} bytes, and at most {MAX_DOCUMENT} are read")
    text = archive.read(info)
    if _depth(text) > MAX_DEPTH:
        raise ValueError(f"{DOCUMENT} is nested more than {MAX_DEPTH} deep")
    tree = json.loads(text.decode("ascii"), parse_constant=_no_constant)
    if not isinstance(tree, dict) or tree.get("format") != FORMAT:
        raise FileError(f"its {DOCUMENT} is of another format; {WRITTEN}")
    version = tree["version"]
    if type(version) is not int or version < 1:
        raise ValueError(f"{version!r} is not a version")
    if version > VERSION:
        raise FileError(f"it is of format version {version}, and up to {VERSION} is read; install a newer dy2static")
    return tree


_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]')


def _depth(text: bytes) -> int:
    """How deep brackets stand in brackets."""
    depth = deepest = 0
    for match in _BRACKET.finditer(text):
        bracket = match.group()
        if bracket in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif bracket in b"]}":
            depth -= 1
    return deepest


def _no_constant(name: str) -> Any:
    raise ValueError(f"{DOCUMENT} holds the number {name}, which is not JSON")


def _read_weights(
    archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], table: list[dict[str, Any]]
) -> dict[str, Array]:
    """The arrays of the table's names; there must be just their members."""
    arrays: dict[str, Array] = {}
    own = [entry["name"] for entry in table if entry["view"] is None]
    for name in own:
        if _weight(name) not in members:
            raise FileError(f"the weight {name!r} is missing, and {DOCUMENT} lists it; {AGAIN}")
        arrays[name] = read_array(archive, members[_weight(name)])
    if len(arrays) != len(members):
        raise FileError(f"it has members besides {DOCUMENT} and the weights that are listed there; {AGAIN}")
    for entry in table:
        if entry["view"] is not None:
            arrays[entry["name"]] = view_of(arrays[entry["view"]["of"]], entry["view"])
    for entry in table:
        if not entry["writeable"]:
            arrays[entry["name"]].flags.writeable = False
    return arrays


def _weight(name: str) -> str:
    return f"weights/{name}.npy"
