"""The rival: the same networks in PyTorch.

Says {"version", "blas"} first, then reads one request a line, {"case", "phase", "steps"}, and answers {"seconds"}.
"""

import json
import sys
import time

import torch
from torch import nn

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(1)


def dlsm():
    layers = []
    for inputs, outputs in [(2, 48), (48, 96), (96, 192)]:
        layers += [nn.Conv2d(inputs, outputs, 3), nn.ReLU(), nn.MaxPool2d(2)]
    network = nn.Sequential(*layers, nn.Flatten(), nn.Linear(768, 256), nn.ReLU(), nn.Linear(256, 5))

    def loss(answer, y):
        error = y - answer[:, :2]
        log_x, log_y, z = answer[:, 2], answer[:, 3], answer[:, 4]
        u, v, r = error[:, 0] * torch.exp(-log_x), error[:, 1] * torch.exp(-log_y), torch.tanh(z)
        q = 1 - r * r
        return ((u * u + v * v - 2 * r * u * v) / q / 2 + log_x + log_y + torch.log(q) / 2).mean()

    return network, torch.rand(192, 2, 32, 32), torch.rand(192, 2), loss


def separable():
    blocks = [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1)]
    channels = 32
    layers = [nn.Conv2d(3, 32, 3, stride=2, padding=1), nn.ReLU()]
    for outputs, stride in blocks:
        layers += [nn.Conv2d(channels, channels, 3, stride=stride, padding=1, groups=channels), nn.ReLU()]
        layers += [nn.Conv2d(channels, outputs, 1), nn.ReLU()]
        channels = outputs
    network = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 10))
    y = torch.softmax(torch.rand(8, 10), 1)
    return network, torch.rand(8, 3, 224, 224), y, nn.functional.cross_entropy


def transformer():
    layer = nn.TransformerEncoderLayer(256, 4, 1024, 0.0, "gelu", batch_first=True, norm_first=True)
    network = nn.TransformerEncoder(layer, 4)
    return network, torch.rand(8, 256, 256), torch.rand(8, 256, 256), nn.functional.mse_loss


torch.rand(64, 64) @ torch.rand(64, 64)
with open("/proc/self/maps") as maps:
    libraries = {line.split()[-1].split("/")[-1] for line in maps if "blas" in line}
print(json.dumps({"version": torch.__version__, "blas": ", ".join(sorted(libraries))}), flush=True)

cases = {"dlsm": dlsm, "separable": separable, "transformer": transformer}
ready = {}

for line in sys.stdin:
    request = json.loads(line)
    name = request["case"]
    if name not in ready:
        ready.clear()
        network, x, y, loss = cases[name]()
        ready[name] = (network, x, y, loss, torch.optim.Adam(network.parameters()))
    network, x, y, loss, optimizer = ready[name]
    training = request["phase"] == "train"
    network.train(training)
    begun = time.perf_counter()
    for _ in range(request["steps"]):
        if training:
            value = loss(network(x), y)
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
        else:
            with torch.no_grad():
                network(x)
    print(json.dumps({"seconds": time.perf_counter() - begun}), flush=True)
