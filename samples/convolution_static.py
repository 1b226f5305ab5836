"""A convolution with two 3×3 filters and relu: a main program, and a start-up program that makes the filters.

The executor runs the start-up program once; the parameters stay in the scope, and the main program reads them there.
"""

import numpy as np

from runtime import Executor, nn, static

nn.seed(0)
main, startup = static.Program("convolution"), static.Program("startup")
with static.program_guard(main, startup):
    image = static.data("image", (1, 3, 32, 32), "float32")
    filters = nn.ParamAttr("conv2d.weight", nn.Xavier(uniform=False), learning_rate=0.001)
    result = nn.Conv2D(3, 2, 3, param_attr=filters, bias_attr="conv2d.bias", act="relu")(image)
    static.returns(result)


def run() -> None:
    executor = Executor()
    executor.run(startup)
    feed = {"image": np.sin(np.arange(3 * 32 * 32, dtype=np.float32)).reshape(1, 3, 32, 32)}
    (made, weight) = executor.run(main, feed, fetch_list=[result, "conv2d.weight"])
    print(made.shape, made.dtype)
    print(weight[0, 0])
    print(made[0, :, 0, :4])


if __name__ == "__main__":
    run()
