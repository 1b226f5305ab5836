"""A small convolutional network reads digits: a graph built by hand, trained in closed form, saved, and run alone.

The filters stay as they were drawn; the last layer is the ridge regression of what they see. The weights go to a file,
and from there into the scope; the program that is saved then holds them.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

import runtime
from runtime import Executor, nn, static

# Of each digit five rows of three dots, each row in binary.
SHAPES = "75557 26227 71747 71717 55711 74717 74757 71222 75757 75717".split()


def digits(count, seed):
    """Images [count, 1, 8, 8] of digits at random places under noise, and what they are."""
    draw = np.random.default_rng(seed)
    labels = draw.integers(0, 10, count)
    images = draw.normal(0, 0.2, (count, 1, 8, 8)).astype(np.float32)
    for image, label in zip(images, labels):
        dots = [[int(row) >> place & 1 for place in (2, 1, 0)] for row in SHAPES[label]]
        top, left = draw.integers((1, 2), (3, 5))
        image[0, top : top + 5, left : left + 3] += np.array(dots, np.float32)
    return images, labels


main, startup = static.Program("digits"), static.Program("startup")
with static.program_guard(main, startup):
    pictures = static.data("images", ("n", 1, 8, 8), "float32")
    convolution = nn.Conv2D(
        1, 32, 3, param_attr=nn.ParamAttr("filters", nn.Kaiming(seed=1)), bias_attr="bias", act="relu"
    )
    features = nn.max_pool2d(convolution(pictures), 2).reshape((-1, 32 * 3 * 3))
    chances = nn.softmax(nn.Linear(32 * 3 * 3, 10, param_attr="head", bias_attr=False)(features))
    static.returns(chances)


def train(executor, file):
    with static.scope_guard(static.Scope()) as scope:
        executor.run(startup)
        images, labels = digits(3000, seed=0)
        (seen,) = executor.run(main, feed={"images": images}, fetch_list=[features])
        seen = seen.astype(float)
        weight = np.linalg.solve(seen.T @ seen + 10 * np.eye(seen.shape[1]), seen.T @ np.eye(10)[labels])
        scope.keep("head", (weight * 10).astype(np.float32))
        np.savez(file, allow_pickle=False, **main.state_dict())


ALONE = """
import sys
sys.modules.update(dict.fromkeys(("dy2static", "gast", "astor")))
import numpy as np
import runtime
print(*runtime.load(sys.argv[1])(np.load(sys.argv[2])[:20]).argmax(axis=1))
"""


def run() -> None:
    executor = Executor()
    with tempfile.TemporaryDirectory() as name:
        weights, program, test = (Path(name) / file for file in ("weights.npz", "digits.d2s", "images.npy"))
        train(executor, weights)
        with np.load(weights) as state:
            main.load_state_dict(state)
        images, labels = digits(500, seed=1)
        (found,) = executor.run(main, feed={"images": images}, fetch_list=[chances])
        print(f"{np.mean(found.argmax(axis=1) == labels):.1%} of {len(labels)} digits are read")
        print(*labels[:20], "are the first digits")
        print(*found.argmax(axis=1)[:20], "are read")
        runtime.save(main, program)
        np.save(test, images)
        command = [sys.executable, "-c", ALONE, str(program), str(test)]
        alone = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
        print(alone, "are read without the converter")


if __name__ == "__main__":
    run()
