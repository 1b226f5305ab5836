"""A convolution with two 3×3 filters and relu: a layer, which holds the filters, called in converted Python."""

import numpy as np

from dy2static import to_static
from runtime import nn

nn.seed(0)
filters = nn.ParamAttr("conv2d.weight", nn.Xavier(uniform=False), learning_rate=0.001)
layer = nn.Conv2D(3, 2, 3, param_attr=filters, bias_attr="conv2d.bias", act="relu")


@to_static
def convolution(image):
    return layer(image)


def run() -> None:
    made = convolution(np.sin(np.arange(3 * 32 * 32, dtype=np.float32)).reshape(1, 3, 32, 32))
    print(made.shape, made.dtype)
    print(layer.weight[0, 0])
    print(made[0, :, 0, :4])


if __name__ == "__main__":
    run()
