"""Writes the golden values of the EfficientNet tests with PyTorch and torchvision.

    python golden.py                                    the three fixtures beside this script
    python golden.py WEIGHTS PICTURE OUT.safetensors    logits of real weights for a photograph, for KEYPOINTS_GOLDEN

Made with torch 2.15.0 and torchvision 0.29.2; needs nothing else.
"""

import json
import pathlib
import struct
import sys
from collections import OrderedDict

import torch
from torchvision.io import ImageReadMode, decode_image
from torchvision.models.efficientnet import EfficientNet, MBConvConfig, efficientnet_b0
from torchvision.transforms import v2

HERE = pathlib.Path(__file__).parent


def save(path, tensors):
    """Writes the safetensors format: the length of a JSON header, the header, the bytes."""
    header, offset, parts = OrderedDict(), 0, []
    for name, tensor in tensors.items():
        dtype = {torch.float32: "F32", torch.int64: "I64"}[tensor.dtype]
        data = tensor.detach().contiguous().cpu().numpy().tobytes()
        header[name] = {"dtype": dtype, "shape": list(tensor.shape), "data_offsets": [offset, offset + len(data)]}
        offset += len(data)
        parts.append(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))


def load(path):
    """Reads the float32 tensors of a safetensors file, or a state dict."""
    if path.suffix != ".safetensors":
        return torch.load(path, weights_only=True)
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    state = {}
    for name, entry in header.items():
        dtype = {"F32": torch.float32, "I64": torch.int64}[entry["dtype"]]
        start, end = (8 + length + one for one in entry["data_offsets"])
        flat = torch.frombuffer(bytearray(data[start:end]), dtype=dtype)
        state[name] = flat.reshape(entry["shape"])
    return state


def narrow(stages):
    """The first stages at a quarter of the width. Three have every kind of block, stride and kernel that B0 has."""
    rows = [(1, 3, 1, 32, 16, 1), (6, 3, 2, 16, 24, 2), (6, 5, 2, 24, 40, 2)]
    stages = [MBConvConfig(*row, width_mult=0.25) for row in rows[:stages]]
    return EfficientNet(stages, dropout=0.0, stochastic_depth_prob=0.0, num_classes=6)


def stir(network):
    """Leaves nothing at its initial value: a bias of 0 would hide one that is forgotten."""
    for name, tensor in network.state_dict().items():
        if name.endswith("running_var") or (name.endswith("weight") and tensor.dim() == 1):
            tensor.uniform_(0.5, 1.5)
        elif name.endswith(("running_mean", "bias")):
            tensor.uniform_(-0.3, 0.3)
    return {name: tensor.clone() for name, tensor in network.state_dict().items()}


def fixtures():
    torch.manual_seed(7)
    network = narrow(3)
    save(HERE / "narrow.safetensors", stir(network))

    golden = OrderedDict()
    # 24, 12, 6 and 3 pixels: an odd map, too, is halved.
    images = torch.randn(2, 3, 24, 24)
    golden["images"] = images
    network.eval()
    x = images
    for index, layer in enumerate(network.features):
        x = layer(x)
        golden[f"eval.maps.{index}"] = x
    golden["eval.logits"] = network(images)
    golden["parameters"] = torch.tensor(sum(p.numel() for p in network.parameters()))

    network.train()
    targets = torch.randn(2, 6)
    golden["train.targets"] = targets
    logits = network(images)
    loss = ((logits - targets) ** 2).mean()
    loss.backward()
    golden["train.logits"] = logits
    golden["train.loss"] = loss.reshape(1)
    gradients = [
        "features.0.0.weight",
        "features.0.1.weight",
        "features.0.1.bias",
        "features.1.0.block.0.0.weight",
        "features.2.0.block.0.0.weight",
        "features.2.1.block.1.0.weight",
        "features.2.1.block.2.fc1.weight",
        "features.2.1.block.2.fc1.bias",
        "features.2.1.block.2.fc2.weight",
        "features.2.1.block.2.fc2.bias",
        "features.2.1.block.3.0.weight",
        "features.3.0.block.1.0.weight",
        "features.4.1.weight",
        "classifier.1.weight",
        "classifier.1.bias",
    ]
    parameters = dict(network.named_parameters())
    for name in gradients:
        golden[f"train.grad.{name}"] = parameters[name].grad
    for name, tensor in network.state_dict().items():
        if name.endswith(("running_mean", "running_var")):
            golden[f"train.state.{name}"] = tensor

    for source in [12, 23, 40]:
        picture = torch.rand(1, 1, source, source)
        golden[f"resize.{source}.in"] = picture
        golden[f"resize.{source}.out"] = v2.Resize([32, 32], antialias=True)(picture)

    shallow = narrow(2)
    state = stir(shallow)
    half = {name: tensor.half() if tensor.is_floating_point() else tensor for name, tensor in state.items()}
    torch.save(half, HERE / "shallow_half.pth")
    shallow.load_state_dict({name: tensor.float() for name, tensor in half.items()}, strict=True)
    golden["shallow.logits"] = shallow.eval()(images)
    save(HERE / "golden.safetensors", golden)
    print({path.name: path.stat().st_size for path in sorted(HERE.glob("*.*"))}, int(golden["parameters"]))


def photograph(weights, picture, out):
    network = efficientnet_b0()
    network.load_state_dict(load(weights))
    network.eval()
    image = decode_image(str(picture), ImageReadMode.RGB)
    prepare = v2.Compose(
        [
            v2.Resize(256, antialias=True),
            v2.CenterCrop(224),
            v2.ToDtype(torch.float32, scale=True),
            v2.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
        ]
    )
    images = prepare(image)[None]
    with torch.no_grad():
        logits = network(images)
    top = logits.softmax(1).topk(5)
    print(list(zip(top.indices[0].tolist(), top.values[0].tolist())))
    save(out, {"images": images, "logits": logits})


if __name__ == "__main__":
    if len(sys.argv) == 4:
        photograph(*(pathlib.Path(argument) for argument in sys.argv[1:]))
    else:
        fixtures()
