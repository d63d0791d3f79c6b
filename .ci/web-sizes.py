"""Prints the size of the code with its networks, as it is and compressed, and refuses a download that is too large: web-sizes.py FOLDER."""

import pathlib
import subprocess
import sys

MOST = 3_000_000

folder = pathlib.Path(sys.argv[1])
total = 0
for name in ("keypoints_web_bg.wasm", "keypoints_web.js"):
    contents = (folder / name).read_bytes()
    packed = len(subprocess.run(["brotli", "--quality=11", "--stdout"], input=contents, capture_output=True, check=True).stdout)
    total += packed
    print(f"{name}: {len(contents)} bytes, {packed} with brotli")
print(f"download with brotli: {total / 1e6:.2f} MB")
assert total <= MOST, f"more than {MOST} bytes"
