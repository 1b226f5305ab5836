"""The command line: convert, save, run, profile, inspect, draw.

A command is a row of COMMANDS. Exit status: 0, 1 for a fault of a file or a program, 2 for a mistake in the command.
"""

from __future__ import annotations

import argparse
import inspect
import io
import os
import sys
import tokenize
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

import runtime
from dy2static.command_targets import (
    check_python,
    function_of,
    imported,
    is_saved,
    parse_target,
    program_named,
    program_of,
    specs,
)
from dy2static.command_values import (
    Fault,
    Usage,
    bind,
    check_output,
    check_results,
    leaves,
    parse_pairs,
    parse_value,
    show,
    write_results,
    write_whole,
)
from dy2static.convert import convert_module
from dy2static.errors import ConversionError
from dy2static.source import unparsed
from dy2static.static_function import StaticFunction
from runtime.errors import Dy2StaticError, FeedError
from runtime.picture import format_of


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, and where help is."""

    def error(self, message: str) -> NoReturn:
        what, _, said = message.partition("unrecognized arguments: ")
        if not what and said.split("=")[0].isidentifier() and "=" in said:
            message += f": types are given with -i, as -i {said.split()[0]}"
        self.exit(2, f"dy2static: {message} (see `{self.prog} --help`)\n")


def convert(options: argparse.Namespace) -> None:
    target = parse_target(options.target)
    if options.output is not None and options.output.exists() and options.output.samefile(target.path):
        raise Usage(f"-o {options.output} is the module itself; write to another file")
    text, encoding = read_source(target.path)
    converted = convert_module(text, str(target.path), [target.function] if target.function else None)
    if converted == text:
        raise Fault(f"{target.path} has no @to_static function; name one to convert, as {target.path}:FUNCTION")
    if options.output is None:
        print(converted, end="")
        return
    write_whole(options.output, lambda file: file.write(converted.encode(encoding)))
    print(f"wrote {options.output}")


def read_source(path: Path) -> tuple[str, str]:
    """The text of a module with its own line ends, and its encoding."""
    check_python(path)
    try:
        written = path.read_bytes()
        encoding, _ = tokenize.detect_encoding(io.BytesIO(written).readline)
        return written.decode(encoding), encoding
    except (SyntaxError, UnicodeDecodeError) as error:
        raise Fault(f"{path}: {error}") from None


def save(options: argparse.Namespace) -> None:
    target = parse_target(options.target)
    with imported(target.path) as module:
        if (built := program_of(module, target, options.input)) is not None:
            runtime.save(built, options.output)
        else:
            function = function_of(module, target)
            arguments = specs(function, options.input)
            function.save(options.output, *arguments.args, **arguments.kwargs)
    print(f"saved {options.output}")


EXAMPLE = "{0}=0.5 or {0}=data.npy"


def run(options: argparse.Namespace) -> None:
    if options.output is not None:
        check_results(options.output)
    program = runtime.load(options.file)
    values = {name: parse_value(text) for name, text in parse_pairs(options.inputs, EXAMPLE).items()}
    arguments = bind(inspect.signature(program), values, EXAMPLE)
    try:
        result = program(*arguments.args, **arguments.kwargs)
    except FeedError as error:
        raise Fault(f"{error.reason} (see `dy2static run --help` for how values are written)") from None
    if options.output is None:
        print("\n".join(show(name, value) for name, value in leaves(result)))
        return
    write_results(options.output, result)
    print(f"wrote {options.output}: {', '.join(name for name, _ in leaves(result))}")


def profile(options: argparse.Namespace) -> None:
    """Prints the profile of a call, and draws it where -o says so."""
    target = parse_target(options.target)
    values = {name: parse_value(text) for name, text in parse_pairs(options.inputs, EXAMPLE).items()}
    if options.output is not None:
        check_format(options.output)
    if target.function is None and is_saved(target.path):
        made = profiled(runtime.load(target.path), values, options.repeat)
    else:
        with imported(target.path) as module:
            built = program_of(module, target, ())
            made = (
                profiled(function_of(module, target), values, options.repeat)
                if built is None
                else built.profile(values, repeat=options.repeat)
            )
    print(made, end="")
    if options.output is not None:
        made.draw().save(options.output)
        print(f"wrote {options.output}")


def profiled(function: StaticFunction | runtime.LoadedFunction, values: dict[str, Any], repeat: int | None) -> Any:
    arguments = bind(inspect.signature(function), values, EXAMPLE)
    try:
        return function.profile(*arguments.args, repeat=repeat, **arguments.kwargs)
    except FeedError as error:
        raise Fault(f"{error.reason} (see `dy2static profile --help` for how values are written)") from None


def show_parts(options: argparse.Namespace) -> None:
    target = parse_target(options.target)
    if target.function is None and is_saved(target.path):
        show_program(program_named(target, options.input))
        return
    with imported(target.path) as module:
        if (built := program_of(module, target, options.input)) is not None:
            show_program(built)
            return
        function = function_of(module, target)
        print(f"# code\n{function.code}")
        parameters = inspect.signature(function).parameters.values()
        required = [p.name for p in parameters if p.default is p.empty]
        if required and not options.input and function.input_spec is None:
            return
        arguments = specs(function, options.input)
        show_program(function.program(*arguments.args, **arguments.kwargs))


def show_program(program: runtime.Program) -> None:
    print(f"# program\n{program}\n\n# summary\n{program.summary()}")


def draw(options: argparse.Namespace) -> None:
    check_format(options.output)
    program_named(parse_target(options.target), options.input).draw().save(options.output)
    print(f"wrote {options.output}")


def check_format(path: Path) -> None:
    """Raises Usage unless the suffix says a format of pictures."""
    try:
        format_of(path)
    except ValueError as error:
        raise Usage(f"-o {path}: {error}") from None


def convert_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="FILE.py[:FUNCTION]", help="a module, or one function or CLASS.METHOD")
    parser.add_argument("-o", "--output", metavar="OUT.py", type=Path, help="where to write; else the code is printed")


TARGET = "a function (not a method) at the file's top level, or a program that is built there"


def save_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="FILE.py:FUNCTION", help=TARGET)
    add_specs(parser)
    parser.add_argument("-o", "--output", metavar="FILE.d2s", type=Path, required=True, help="where to save")


def run_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE.d2s", type=Path, help="a saved program")
    parser.add_argument("inputs", metavar="NAME=VALUE", nargs="*", help="an input: see the examples")
    parser.add_argument("-o", "--output", metavar="OUT.npz", type=Path, help="where to write; else results are printed")


def profile_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="FILE.d2s|FILE.py:FUNCTION", help=f"a saved program, or {TARGET}")
    parser.add_argument("inputs", metavar="NAME=VALUE", nargs="*", help="an input: see `dy2static run --help`")
    about = "how often it is run in each way; else as often as fits in a tenth of a second"
    parser.add_argument("-n", "--repeat", metavar="N", type=count, help=about)
    about = "also draw the program with the cost of each op, as .html, .svg, .dot or .mmd"
    parser.add_argument("-o", "--output", metavar="GRAPH.html", type=Path, help=about)


def count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of runs: write 1 or more")
    return int(text)


def show_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="FILE.d2s|FILE.py:FUNCTION", help=f"a saved program, or {TARGET}")
    add_specs(parser)


def draw_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="FILE.d2s|FILE.py:FUNCTION", help=f"a saved program, or {TARGET}")
    add_specs(parser)
    about = "where to write, as .html, .svg, .dot or .mmd; else graph.html"
    parser.add_argument("-o", "--output", metavar="GRAPH.html", type=Path, default=Path("graph.html"), help=about)


def add_specs(parser: argparse.ArgumentParser) -> None:
    about = "the type of a parameter, or a value of it; one that has a default may be left out"
    parser.add_argument("-i", "--input", metavar="NAME=TYPE", action="append", default=[], help=about)


@dataclass(frozen=True)
class Command:
    """A row: `examples` is shown by --help, `arguments` adds options to a parser, `run` does the work."""

    summary: str
    examples: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], None]


COMMANDS = {
    "convert": Command(
        "write a module with its decorated (or the named) functions converted",
        """
  dy2static convert model.py                      print the module, its @to_static functions converted
  dy2static convert model.py:step                 the same, with only `step` converted, decorated or not
  dy2static convert model.py -o converted.py      write it

converted.py is imported and run as model.py is, and needs what that needs, dy2static too. Its functions are plain
Python, to read and to step through: they have no .code, .program() or .save(), and model.py is what makes programs.
""",
        convert_arguments,
        convert,
    ),
    "save": Command(
        "trace a function for the given types and save the program",
        """
  dy2static save model.py:step -i x=float32[n] -i y=float32[n] -o step.d2s
  dy2static save model.py:step -i x=float64[n,3] -i k=int -o step.d2s

types (quote them where your shell gives brackets a meaning):
  float32[n,3]    an array; n is any size, and the same size wherever n stands
  float32[]       an array of no dimensions
  float32         a NumPy scalar
  int             a Python number: int, float, bool or complex
  tuple(int, float32[n])   a tuple or list of these, as programs print them
  "mode='fast'"   a value in the place of a type, for texts, lists, tuples and dicts: the program is made for this
                  text, and for lists of this form
""",
        save_arguments,
        save,
    ),
    "run": Command(
        "run a saved program and print or write what it returns",
        """
  dy2static run step.d2s x=x.npy y=0.5            an array of a file, and a Python number
  dy2static run step.d2s x=data.npz:velocity      one array of several in a file
  dy2static run step.d2s 'x=float32(0.5)' y=true  a NumPy scalar, and a Python bool
  dy2static run step.d2s x=x.npy -o out.npz       write result, or result.0, result.1 ... of a tuple

values (quote them where your shell gives brackets and quotes a meaning):
  3  0.5  2j  inf     a Python int, float or complex: 3 is no float, so write 3.0 for one
  true  false  none   bool and None
  float32(0.5)        a NumPy scalar, of any dtype
  float32([1,2,3])    an array; float32([[1,2],[3,4]]) has two dimensions
  x.npy  xs.npz:name  an array of a file
  [1,2]  (1,2)        a list, a tuple; {'a': 1} is a dict
  "'fast'"            a text
""",
        run_arguments,
        run,
    ),
    "profile": Command(
        "run a program and print what its lines and ops cost, in time and memory",
        """
  dy2static profile step.d2s x=x.npy y=0.5        a saved program
  dy2static profile model.py:step x=x.npy y=0.5   a function, with the text of its lines
  dy2static profile model.py:step x=x.npy y=0.5 -o step.html      draw it, too, from pale to dark
  dy2static profile model.py:step x=x.npy y=0.5 -n 1              run it once in each way

It is run as it always is, then with its lines timed, then op by op with nothing fused, and once more in each of these
two ways to count bytes; before that it is warmed up. Each run gets the inputs as they were given. What it prints and
does outside of the program happens in every run. `dy2static run --help` says how values are written.
""",
        profile_arguments,
        profile,
    ),
    "inspect": Command(
        "show converted code, program and summary",
        """
  dy2static inspect step.d2s                      the program, and a count of its ops
  dy2static inspect model.py:step                 the converted code
  dy2static inspect model.py:step -i x=float32[n] -i y=float32[n]       all three
""",
        show_arguments,
        show_parts,
    ),
    "draw": Command(
        "draw the graph of a program",
        """
  dy2static draw step.d2s                         write graph.html, a page to open in a browser
  dy2static draw step.d2s -o step.svg             a drawing; light or dark as the viewer is
  dy2static draw model.py:step -i x=float32[n] -i y=float32[n] -o step.html

formats, by the suffix:
  .html           boxes fold, a search finds ops, names and lines; one file, which needs no network
  .svg            the same drawing with all boxes open
  .dot            for Graphviz: dot -Tpdf step.dot -o step.pdf
  .mmd            for Mermaid, in Markdown between ```mermaid and ```

`dy2static save --help` says how types are written. Titles of boxes are your own conditions where the source is
there: draw the function, not the saved program, to see them.
""",
        draw_arguments,
        draw,
    ),
}


STATUS = """exit status:
  0   it is done
  1   a file, a function or a value is not what is needed, or the program raised an exception
  2   the command is wrong: an option or an input is missing, unknown, or not written as it should be"""


def parser_of_all() -> Parser:
    shared = Parser(add_help=False)
    shared.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help="show tracebacks")
    raw = argparse.RawDescriptionHelpFormatter
    examples = "examples:" + "".join(command.examples.split("\n\n")[0].rstrip() for command in COMMANDS.values())
    examples += f"\n\n{STATUS}"
    parser = Parser("dy2static", None, "Imperative NumPy in, a static program out.", examples, [shared], raw)
    parser.add_argument("--version", action="version", version=f"dy2static {version('dy2static')}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)
    for name, command in COMMANDS.items():
        made = commands.add_parser(
            name,
            help=command.summary,
            description=command.summary[0].upper() + command.summary[1:] + ".",
            epilog=f"examples:{command.examples}\n{STATUS}",
            parents=[shared],
            formatter_class=raw,
        )
        command.arguments(made)
    return parser


def message(error: Exception) -> str:
    """One line, and the user's where it is shown; a Python exception with its class and the user's FILE:LINE."""
    if isinstance(error, (Fault, Usage, Dy2StaticError, ConversionError)):
        return str(error)
    if isinstance(error, SyntaxError) and error.filename is not None:
        return str(unparsed(error))
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    place = place_of(error)
    return f"{type(error).__name__}: {error}" + (f" ({place})" if place else "")


def place_of(error: Exception) -> str:
    """FILE:LINE of the innermost line that is neither this project's nor an installed package's."""
    own = tuple(str(Path(module.__file__ or "").parent) + os.sep for module in (runtime, sys.modules[__name__], np, os))
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if not frame.filename.startswith((*own, "<")):
            return f"{os.path.relpath(frame.filename)}:{frame.lineno}"
    return ""


def main(argv: Sequence[str] | None = None) -> int:
    options = parser_of_all().parse_args(argv)
    try:
        if getattr(options, "output", None) is not None:
            check_output(options.output)
        COMMANDS[options.command].run(options)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        if getattr(options, "debug", False):
            traceback.print_exc()
        print(f"dy2static: {message(error)}", file=sys.stderr)
        return 2 if isinstance(error, Usage) else 1
    return 0
