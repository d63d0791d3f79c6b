"""Tests the page in Chromium: web-test.py ADDRESS SERVER-PROCESS WORK-FOLDER PICTURE-FOLDER. The work folder has native.json and face.y4m."""

import base64
import json
import math
import os
import pathlib
import shutil
import signal
import sys
import time

from chromium import Chromium

# The farthest that a point may lie from where `predict` puts it, in pixels.
FARTHEST = 0.05
# Frames per second of 640×480 pixels with one face, milliseconds for a crop of 96×96, and for the first answer of a page in the cache. A
# machine that does something else beside gets twice the time.
SLACK = 2
RATE, CROP, FIRST = 20, 15, 1000

FOUND = "/ found in /.test(document.getElementById('status').textContent)"

# A frame with one face of the sample at some place, and the crop of that face.
MEASURE = """(async () => {
  const start = performance.now();
  const { default: init, FaceDetector, FaceTracker } = await import("./pkg/keypoints_web.js");
  await init();
  const detector = FaceDetector.load();
  const loaded = performance.now() - start;
  const sample = await createImageBitmap(await (await fetch("sample.png")).blob());
  const canvas = new OffscreenCanvas(640, 480);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(sample, 0, 0);
  const [left, top, wide, high] = detector.find(context.getImageData(0, 0, 640, 480))[0].box;
  const around = [left - wide / 2, top - high / 2, 2 * wide, 2 * high];
  const frame = (x) => {
    context.fillStyle = "#777";
    context.fillRect(0, 0, 640, 480);
    context.drawImage(sample, ...around, x, 120, 240, 240);
    return context.getImageData(0, 0, 640, 480);
  };
  const crop = new OffscreenCanvas(96, 96).getContext("2d", { willReadFrequently: true });
  crop.drawImage(sample, left, top, wide, high, 0, 0, 96, 96);
  const small = crop.getImageData(0, 0, 96, 96);
  const time = (times, run) => {
    const all = [];
    for (let turn = 0; turn < times; turn++) {
      const begin = performance.now();
      run(turn);
      all.push(performance.now() - begin);
    }
    const mean = all.reduce((sum, one) => sum + one) / times;
    return { first: all[0], mean, median: all.sort((a, b) => a - b)[times >> 1], slowest: all.at(-1) };
  };
  const still = frame(200);
  const frames = Array.from({ length: 60 }, (_, turn) => frame(100 + 4 * turn));
  time(20, () => detector.read(small));
  const read = time(60, () => detector.read(small));
  const find = time(30, () => detector.find(still));
  const tracker = new FaceTracker(detector);
  const faces = [];
  const follow = time(60, (turn) => faces.push(tracker.next(frames[turn], turn / 30).length));
  return { loaded, read, find, follow, faces: Math.min(...faces) };
})()"""

# A detector of a model file's bytes, beside the one without: the same points on a frame in grey with noise, and errors in words.
MODEL = """(async () => {
  const { default: init, FaceDetector, FaceTracker } = await import("./pkg/keypoints_web.js");
  await init();
  const bytes = Uint8Array.from(atob("%s"), (one) => one.charCodeAt(0));
  const [own, built] = [FaceDetector.load(bytes), FaceDetector.load()];
  const data = Uint8ClampedArray.from({ length: 4 * 96 * 96 }, (_, at) => (at %% 4 === 3 ? 255 : (at * at) %% 251));
  const crop = { data, width: 96, height: 96 };
  const problems = [
    () => FaceDetector.load(new Uint8Array([1, 2, 3])),
    () => built.find({ data, width: 95, height: 96 }),
    () => new FaceTracker(built, { searchEvery: 0 }),
  ].map((one) => {
    try {
      one();
    } catch (error) {
      return error.message;
    }
  });
  return { same: JSON.stringify(own.read(crop)) === JSON.stringify(built.read(crop)), names: built.keypointNames.length, problems };
})()"""

# Takes the sample as soon as there is a page, and notes when its faces are shown.
AT_ONCE = f"""addEventListener("DOMContentLoaded", () => {{
  const status = document.getElementById("status");
  new MutationObserver(() => {{
    if ({FOUND}) globalThis.firstAnswer ??= performance.now();
  }}).observe(status, {{ childList: true, characterData: true, subtree: true }});
  addEventListener("load", () => document.getElementById("sample").click());
}});"""


def distance(one, other):
    return max(math.dist(one["keypoints"][name], other["keypoints"][name]) for name in other["keypoints"])


def download(page, button, path):
    path.unlink(missing_ok=True)
    page.run(f"document.getElementById('{button}').click()")
    until = time.monotonic() + 20
    while not path.exists() or path.with_suffix(path.suffix + ".crdownload").exists():
        assert time.monotonic() < until, f"no {path.name}"
        time.sleep(0.05)
    time.sleep(0.1)
    return path.read_text()


def complaints(page, expected=()):
    left = [one for one in page.complaints if not any(words in one for words in expected)]
    assert not left, left
    page.complaints.clear()


def shots(page, folder, name):
    """The page on a telephone and on a desk, by day and by night; nothing may hang over its edge."""
    for width, height, telephone in ((390, 844, True), (1280, 900, False)):
        for dark in (False, True):
            page.look(width, height, dark, telephone)
            time.sleep(0.3)
            sideways = page.run("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert sideways == 0, f"{name} scrolls sideways at {width}: {sideways}"
            page.picture(folder / f"{name}-{width}-{'dark' if dark else 'light'}.png")


def photo(page, work, pictures):
    native = json.loads((work / "native.json").read_text())[0]["faces"]
    page.run("document.getElementById('sample').click()")
    page.wait(FOUND)
    print("sample:", page.run("document.getElementById('status').textContent"))
    faces = json.loads(download(page, "json", work / "faces.json"))[0]["faces"]
    assert len(faces) == len(native) > 0, (len(faces), len(native))
    farthest = max(map(distance, faces, native))
    print(f"largest difference from native: {farthest:.3f} px on {len(faces)} faces")
    assert farthest <= FARTHEST
    rows = download(page, "csv", work / "faces.csv").splitlines()
    assert len(rows) == len(faces) + 1 and rows[0].startswith("picture,face,left,top,width,height,score,left_eye_center_x,")
    shots(page, pictures, "photo")
    page.look(1280, 900)

    # By keyboard: the picture is reached, and the arrow keys name its points.
    page.run("document.getElementById('picture').focus()")
    for kind in ("keyDown", "keyUp"):
        page.call("Input.dispatchKeyEvent", type=kind, key="ArrowRight", code="ArrowRight", windowsVirtualKeyCode=39)
    assert page.run("document.getElementById('named').textContent").startswith("left eye center: ")
    page.picture(pictures / "keyboard.png")


def files(page, work, pictures):
    (work / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nno picture")
    page.choose_file("#file", work / "broken.png")
    text = page.wait("document.querySelector('#status.problem')?.textContent")
    assert "broken.png" in text and "cannot be opened" in text, text
    print("broken file:", text)
    page.look(390, 844, telephone=True)
    page.picture(pictures / "broken.png")
    page.look(1280, 900)
    shutil.copy("crates/keypoints-web/page/sample.png", work / "photo.png")
    page.choose_file("#file", work / "photo.png")
    page.wait(FOUND)
    assert json.loads(download(page, "json", work / "faces.json"))[0]["picture"] == "photo.png"


def camera(page, pictures):
    nose = """(() => {
      const rows = [...document.querySelectorAll('#table tr')];
      const row = rows.find((row) => row.cells[0].textContent === 'nose tip');
      return row && Number(row.cells[1].textContent);
    })()"""
    page.run("document.getElementById('table').open = true")
    page.run("document.getElementById('camera').click()")
    page.wait("/1 face in front of the camera/.test(document.getElementById('status').textContent)")
    places = []
    for _ in range(8):
        time.sleep(0.6)
        places.append(page.run(nose))
    print("camera: nose at", *places)
    assert all(places) and max(places) - min(places) > 60, places
    print("camera:", page.run("document.getElementById('rate').textContent"))
    shots(page, pictures, "camera")
    page.run("document.getElementById('camera').click()")
    assert page.run("document.getElementById('status').textContent") == "The camera is off."


def model(page):
    contents = pathlib.Path("crates/keypoints-detect/models/fast.safetensors").read_bytes()
    answer = page.run(MODEL % base64.b64encode(contents).decode())
    assert answer["same"] and answer["names"] == 15, answer
    for problem, words in zip(answer["problems"], ("the model", "95×96", "searchEvery")):
        assert problem and words in problem, answer
    print("errors:", *answer["problems"], sep="\n  ")


def times(page):
    measured = page.run(MEASURE)
    read, find, follow = (measured[name] for name in ("read", "find", "follow"))
    rate = 1000 / follow["mean"]
    print(f"code and networks loaded in {measured['loaded']:.0f} ms")
    print(f"points of a crop of 96×96: {read['median']:.1f} ms (median)")
    print(f"find, 640×480, one face: {find['median']:.0f} ms (median), the first {find['first']:.0f} ms")
    print(f"follow, 640×480, one face: {rate:.0f} frames/s, median {follow['median']:.1f} ms, the slowest {follow['slowest']:.0f} ms")
    assert measured["faces"] == 1, measured
    assert read["median"] <= SLACK * CROP and rate >= RATE / SLACK, measured


def first_answer(page, address):
    identifier = page.call("Page.addScriptToEvaluateOnNewDocument", source=AT_ONCE)["identifier"]
    page.open(address)
    first = page.wait("globalThis.firstAnswer")
    page.call("Page.removeScriptToEvaluateOnNewDocument", identifier=identifier)
    print(f"first answer of a page in the cache: {first:.0f} ms")
    assert first <= SLACK * FIRST


def without_network(page, address, server):
    page.wait("navigator.serviceWorker.ready.then(() => true)")
    complaints(page)
    os.kill(server, signal.SIGTERM)
    page.open(address)
    page.run("document.getElementById('sample').click()")
    page.wait(FOUND)
    print("without a network:", page.run("document.getElementById('status').textContent"))
    # The service worker's own attempts are told on the console.
    complaints(page, ["ERR_CONNECTION_REFUSED"])


def main():
    address, server, work, pictures = sys.argv[1], int(sys.argv[2]), *map(pathlib.Path, sys.argv[3:])
    flags = [
        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", f"--use-file-for-fake-video-capture={work}/face.y4m",
    ]
    page = Chromium(shutil.which("chromium"), work / "profile", flags)
    try:
        page.session, session = None, page.session
        page.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(work))
        page.session = session
        page.look(1280, 900)
        page.open(address)
        page.wait("document.getElementById('status').textContent === 'Ready.'")
        shots(page, pictures, "start")
        page.look(1280, 900)
        photo(page, work, pictures)
        complaints(page)
        files(page, work, pictures)
        complaints(page)
        camera(page, pictures)
        complaints(page)
        model(page)
        times(page)
        complaints(page)
        first_answer(page, address)
        complaints(page)
        without_network(page, address, server)
    finally:
        page.close()


main()
