"""Greedy decoding with a stop token: a language model, and the loop that reads sentences from it, saved as one file.

The model counts which letter follows which three in the Zen of Python, which comes with Python as the module `this`.
Decoding takes the likeliest next letter until the model ends the sentence, and likes a turn less each time it is taken.
The counts are read from a global, so they are saved with the program as its weights.
"""

import codecs
import io
import re
import subprocess
import sys
import tempfile
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np

from dy2static import to_static

with redirect_stdout(io.StringIO()):  # it prints itself when it is imported
    import this

LETTERS = ".abcdefghijklmnopqrstuvwxyz "  # a full stop, token 0, ends a sentence
TOKENS = {letter: index for index, letter in enumerate(LETTERS)}
STOP = 0


def tokens(text):
    """The tokens of a text; what is not a letter or ends a sentence becomes a space."""
    return np.array([TOKENS[letter] for letter in re.sub("[^a-z.]+", " ", text.lower().replace("!", "."))])


def learn(text):
    """How often each token follows each three: int16[28, 28, 28, 28]."""
    stream = tokens(text)
    counts = np.zeros((len(LETTERS),) * 4, np.int16)
    np.add.at(counts, (stream[:-3], stream[1:-2], stream[2:-1], stream[3:]), 1)
    return counts


MODEL = learn(codecs.decode(this.s, "rot13"))


def decode(prompt, limit=120):
    """`prompt` (three tokens at least) continued to the end of the sentence, or to `limit` tokens."""
    text = np.zeros(limit, np.int64)
    count = len(prompt)
    text[:count] = prompt
    taken = np.zeros_like(MODEL)
    while count < limit:
        a, b, c = text[count - 3], text[count - 2], text[count - 1]
        scores = MODEL[a, b, c] / (1 + taken[a, b, c])
        token = scores.argmax()
        if scores[token] <= 0 or token == STOP:
            break
        taken[a, b, c, token] += 1
        text[count] = token
        count += 1
    return text[:count]


ALONE = """
import sys
sys.modules.update(dict.fromkeys(("dy2static", "gast", "astor")))
import numpy as np
import runtime
decode = runtime.load(sys.argv[1])
with np.load(sys.argv[2]) as prompts:
    for prompt in prompts.values():
        print(*decode(prompt))
"""


def run_alone(static, prompts):
    """Saves the program of the last call and runs it in a process without the converter; gives the token lists."""
    with tempfile.TemporaryDirectory() as name:
        program, arguments = Path(name) / "decode.d2s", Path(name) / "prompts.npz"
        static.save(program)
        np.savez(arguments, *prompts)
        command: list[str | Path] = [sys.executable, "-c", ALONE, program, arguments]
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
        return [[int(token) for token in line.split()] for line in lines]


def main() -> None:
    prompts = [tokens(text) for text in ("the", "flat", "errors", "although", "now is")]
    static = to_static(decode)
    sentences = [decode(prompt) for prompt in prompts]
    for sentence, prompt in zip(sentences, prompts):
        np.testing.assert_array_equal(static(prompt), sentence)
    for sentence, alone in zip(sentences, run_alone(static, prompts)):
        np.testing.assert_array_equal(alone, sentence)

    print(f"The converted code:\n\n{static.code}")
    print(f"The static program:\n\n{static.program()}\n")
    print("Dynamic, static, and loaded without the converter are equal:")
    for sentence in sentences:
        print("  " + "".join(LETTERS[token] for token in sentence) + ".")


if __name__ == "__main__":
    main()
