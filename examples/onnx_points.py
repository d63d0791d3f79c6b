"""Prints the keypoints of a picture of one face: python onnx_points.py face.onnx me.jpg

Needs numpy, Pillow and onnxruntime. `export --onnx face.onnx` wrote the file.
"""
import json
import sys

import numpy as np
import onnxruntime
from PIL import Image

file, picture = sys.argv[1:]
session = onnxruntime.InferenceSession(file)
about = session.get_modelmeta().custom_metadata_map
shape = json.loads(about["pictures"])
side = shape["side"]

photo = Image.open(picture).convert("L" if shape["channels"] == 1 else "RGB")
pixels = np.asarray(photo.resize((side, side)), np.float32).reshape(side, side, -1)
crops = pixels.transpose(2, 0, 1)[None]  # batch, channels, rows, columns: 0 black, 255 white
points = session.run(["points"], {"pictures": crops})[0][0]

# From pixels of the crop to those of the picture. The centre of the first pixel is 0 in both.
points = (points + 0.5) * np.array(photo.size) / side - 0.5
for name, (x, y) in zip(json.loads(about["points"]), points):
    print(f"{name}: {x:.2f} {y:.2f}")
