// The thread that finds faces: the page stays quick while it works.

import init, { FaceDetector, FaceTracker } from "../pkg/keypoints_web.js";

const loaded = init().then(() => FaceDetector.load());
loaded.then(
  (detector) => postMessage({ ready: true, names: detector.keypointNames }),
  (error) => postMessage({ ready: false, problem: String(error.message ?? error) }),
);

let canvas = null;
let context = null;
let tracker = null;

/** The pixels of a bitmap. */
function pixels(bitmap) {
  const { width, height } = bitmap;
  if (canvas?.width !== width || canvas?.height !== height) {
    canvas = new OffscreenCanvas(width, height);
    // In the processor's memory, where the pixels are needed.
    context = canvas.getContext("2d", { willReadFrequently: true });
  }
  context.clearRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, width, height);
}

const tasks = {
  find: (detector, { bitmap }) => detector.find(pixels(bitmap)),
  follow(detector, { bitmap, seconds, smooth, restart }) {
    if (restart || !tracker) {
      tracker?.free();
      tracker = new FaceTracker(detector, { smooth });
    }
    return tracker.next(pixels(bitmap), seconds);
  },
};

addEventListener("message", async ({ data }) => {
  const { id, task, bitmap } = data;
  try {
    const detector = await loaded;
    const start = performance.now();
    const faces = tasks[task](detector, data);
    const milliseconds = performance.now() - start;
    // The bitmap goes back: it is what the faces are drawn on.
    postMessage({ id, faces, milliseconds, bitmap }, [bitmap]);
  } catch (error) {
    bitmap.close();
    postMessage({ id, problem: String(error.message ?? error) });
  }
});
