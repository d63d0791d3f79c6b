"""The benchmark's networks in PyTorch, to run beside `cargo bench --bench train_step` and `--bench forward`.

    python benches/peer.py --network compact --batch 64 --channels-last
    python benches/peer.py --network simple_cnn --batch 32 --channels-last --bf16
    python benches/peer.py --network efficientnet_b0 --side 224 --batch 16 --channels-last

Prints medians in milliseconds: a training step (forward, masked loss, backward, AdamW) and a forward pass
without gradients, on the CPU. Needs PyTorch, and torchvision for EfficientNet; nothing else of the project does.
"""

import argparse
import resource
import statistics
import time

import torch
from torch import nn
from torch.nn import functional as F


class SimpleCnn(nn.Sequential):
    def __init__(self):
        layers = []
        for channels_in, channels in [(1, 64), (64, 128), (128, 256)]:
            if channels == 256:
                layers.append(nn.Dropout2d(0.3))
            layers += [nn.Conv2d(channels_in, channels, 3, padding=1), nn.ReLU()]
            layers += [nn.Conv2d(channels, channels, 3, padding=1), nn.BatchNorm2d(channels)]
            layers += [nn.ReLU(), nn.MaxPool2d(2)]
        super().__init__(*layers, nn.Flatten(), nn.Linear(36864, 512), nn.Linear(512, 30))


def conv_norm(channels_in, channels, kernel, stride=1):
    conv = nn.Conv2d(channels_in, channels, kernel, stride, kernel // 2, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(channels))


class Residual(nn.Module):
    def __init__(self, channels_in, channels):
        super().__init__()
        self.halves = channels_in != channels
        self.first = conv_norm(channels_in, channels, 3, 2 if self.halves else 1)
        self.second = conv_norm(channels, channels, 3)
        self.shortcut = conv_norm(channels_in, channels, 1) if self.halves else None

    def forward(self, x):
        short = self.shortcut(F.avg_pool2d(x, 2)) if self.halves else x
        return F.relu(self.second(F.relu(self.first(x))) + short)


class Merge(nn.Module):
    def __init__(self, coarse, fine):
        super().__init__()
        self.lateral = conv_norm(coarse, fine, 1)
        self.mix = conv_norm(fine, fine, 3)

    def forward(self, coarse, fine):
        up = F.interpolate(self.lateral(coarse), scale_factor=2)
        return F.relu(self.mix(F.relu(up + fine)))


class Compact(nn.Module):
    def __init__(self, width=16, blocks=2):
        super().__init__()
        self.stem = conv_norm(1, width, 3, 2)
        self.down = nn.ModuleList()
        channels = width
        for level in range(4):
            stage = []
            for _ in range(blocks):
                stage.append(Residual(channels, width << level))
                channels = width << level
            self.down.append(nn.Sequential(*stage))
        self.to_eighth = Merge(8 * width, 4 * width)
        self.to_quarter = Merge(4 * width, 2 * width)
        self.head = nn.Conv2d(2 * width, 15, 1, bias=False)

    def forward(self, x):
        x = F.relu(self.stem(x))
        levels = []
        for stage in self.down:
            x = stage(x)
            levels.append(x)
        x = self.to_quarter(self.to_eighth(x, levels[2]), levels[1])
        heat = self.head(x)
        batch, maps, height, width = heat.shape
        shares = heat.reshape(batch, maps, -1).softmax(2).reshape(heat.shape)
        column = (shares.sum(2) * torch.arange(width)).sum(2)
        row = (shares.sum(3) * torch.arange(height)).sum(2)
        places = torch.stack([column, row], 2).reshape(batch, -1)
        return places * (2 / width) + (1 / width - 1 / 96 - 1)


def efficientnet_b0():
    from torchvision.models import efficientnet_b0 as network

    return network(num_classes=30)


def medians(body, turns):
    body()
    times = []
    for _ in range(turns):
        start = time.perf_counter()
        body()
        times.append(time.perf_counter() - start)
    return 1e3 * statistics.median(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    networks = {"simple_cnn": SimpleCnn, "compact": Compact, "efficientnet_b0": efficientnet_b0}
    parser.add_argument("--network", choices=list(networks), default="compact")
    parser.add_argument("--side", type=int, default=96, help="efficientnet_b0 only")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--turns", type=int, default=10)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--bf16", action="store_true")
    options = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(options.threads)
    if options.side != 96 and options.network != "efficientnet_b0":
        parser.error("--side is for efficientnet_b0")
    network = networks[options.network]()
    channels = 3 if options.network == "efficientnet_b0" else 1
    images = torch.rand(max(options.batch, 32), channels, options.side, options.side)
    if options.channels_last:
        network = network.to(memory_format=torch.channels_last)
        images = images.to(memory_format=torch.channels_last)
    targets, mask = torch.rand(options.batch, 30), torch.ones(options.batch, 30)
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-4, fused=True)
    autocast = torch.autocast("cpu", torch.bfloat16, enabled=options.bf16)

    def step():
        optimizer.zero_grad()
        with autocast:
            output = network(images[: options.batch])
        loss = (((output.float() - targets) * mask) ** 2).sum() / mask.sum()
        loss.backward()
        optimizer.step()

    def forward(pictures):
        with torch.inference_mode(), autocast:
            network(pictures)

    network.train()
    print(f"{options.network} step, batch {options.batch}: {medians(step, options.turns):.1f} ms")
    network.eval()
    for size in [1, 32]:
        pictures = images[:size]
        took = medians(lambda: forward(pictures), options.turns)
        print(f"{options.network} forward, batch {len(pictures)}: {took:.1f} ms")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
