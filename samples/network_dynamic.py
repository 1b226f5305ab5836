"""A small convolutional network reads digits: a layer, trained in closed form, saved, and run without the converter.

The filters stay as they were drawn; the last layer is the ridge regression of what they see. The weights go to a file,
and from there into a new network; the program that is saved then holds them.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from dy2static import InputSpec, to_static
from runtime import nn

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


class Network(nn.Layer):
    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Conv2D(1, 32, 3, param_attr=nn.Kaiming(seed=1), act="relu")
        self.head = nn.Linear(32 * 3 * 3, 10, bias_attr=False)

    def features(self, images):
        return nn.max_pool2d(self.convolution(images), 2).reshape((-1, 32 * 3 * 3))

    @to_static(input_spec=[InputSpec(("n", 1, 8, 8), "float32", "images")])
    def forward(self, images):
        return nn.softmax(self.head(self.features(images)))


def train(file):
    network = Network()
    images, labels = digits(3000, seed=0)
    seen = network.features(images).astype(float)
    weight = np.linalg.solve(seen.T @ seen + 10 * np.eye(seen.shape[1]), seen.T @ np.eye(10)[labels])
    state = dict(network.state_dict(), **{"head.weight": weight * 10})
    np.savez(file, allow_pickle=False, **state)


ALONE = """
import sys
sys.modules.update(dict.fromkeys(("dy2static", "gast", "astor")))
import numpy as np
import runtime
print(*runtime.load(sys.argv[1])(np.load(sys.argv[2])[:20]).argmax(axis=1))
"""


def run() -> None:
    with tempfile.TemporaryDirectory() as name:
        weights, program, test = (Path(name) / file for file in ("weights.npz", "digits.d2s", "images.npy"))
        train(weights)
        network = Network()
        with np.load(weights) as state:
            network.load_state_dict(state)
        network.eval()
        images, labels = digits(500, seed=1)
        chances = network(images)
        print(f"{np.mean(chances.argmax(axis=1) == labels):.1%} of {len(labels)} digits are read")
        print(*labels[:20], "are the first digits")
        print(*chances.argmax(axis=1)[:20], "are read")
        network.forward.save(program)
        np.save(test, images)
        command = [sys.executable, "-c", ALONE, str(program), str(test)]
        alone = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
        print(alone, "are read without the converter")


if __name__ == "__main__":
    run()
