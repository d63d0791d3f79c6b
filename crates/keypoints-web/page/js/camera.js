// Frames of the camera.

/** Why there is no camera, by the browser's name for it. */
const PROBLEMS = {
  NotAllowedError: "The camera was refused. The browser's settings for this page can allow it.",
  NotFoundError: "There is no camera.",
  NotReadableError: "The camera is in use by another program.",
};

/** Starts the camera. Returns its frames. */
export async function openCamera() {
  if (!navigator.mediaDevices) {
    throw new Error("Browsers give the camera only to pages from this device (localhost) or through HTTPS.");
  }
  let stream;
  try {
    const video = { facingMode: "user", width: { ideal: 640 }, height: { ideal: 480 } };
    stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
  } catch (error) {
    throw new Error(PROBLEMS[error.name] ?? `The camera does not start: ${error.message}`);
  }
  const video = document.createElement("video");
  Object.assign(video, { srcObject: stream, muted: true, playsInline: true });
  await video.play();
  return new Camera(stream, video);
}

class Camera {
  #stream;
  #video;

  constructor(stream, video) {
    this.#stream = stream;
    this.#video = video;
    const [track] = stream.getVideoTracks();
    /** Whether the picture should be shown as in a mirror: not that of a camera on the back of a telephone. */
    this.mirrored = track.getSettings().facingMode !== "environment";
    /** Fulfilled when the camera is taken away. */
    this.ended = new Promise((resolve) => track.addEventListener("ended", resolve));
  }

  /** The next frame as a bitmap, and its time in seconds. */
  async frame() {
    const video = this.#video;
    const milliseconds = await new Promise((resolve) => {
      if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(resolve);
      else requestAnimationFrame(resolve);
    });
    return { bitmap: await createImageBitmap(video), seconds: milliseconds / 1000 };
  }

  stop() {
    this.#stream.getTracks().forEach((track) => track.stop());
    this.#video.srcObject = null;
  }
}
