// The page: from a photo, the sample or the camera to faces.

import { openCamera } from "./camera.js";
import { save, toCsv, toJson } from "./export.js";
import { Finder } from "./finder.js";
import { openPhoto, scaled } from "./photo.js";
import { Stage } from "./stage.js";
import { fillTables } from "./table.js";

const element = (id) => document.getElementById(id);
const finder = new Finder();
const stage = new Stage();
/** What is shown: the picture's name and its faces, in pixels of the file. */
let shown = { name: "", faces: [] };
let names = [];
/** The camera that runs. */
let camera = null;
/** Counts what was asked for: an answer to an older request is not shown. */
let turn = 0;

function say(text, isProblem = false) {
  const status = element("status");
  status.classList.toggle("problem", isProblem);
  if (status.textContent !== text) status.textContent = text;
}

const count = (faces) => ["No face", "1 face"][faces.length] ?? `${faces.length} faces`;

/** Takes what was found as what the page shows. */
function keep(name, faces) {
  shown = { name, faces };
  element("result").hidden = false;
  for (const id of ["csv", "json"]) element(id).disabled = faces.length === 0;
  if (element("table").open) fillTables(element("table").querySelector(".scroll"), faces);
}

async function findOn(file) {
  stopCamera();
  const mine = ++turn;
  say("Looking for faces …");
  try {
    const { bitmap, scale } = await openPhoto(file);
    await finder.ready;
    const found = await finder.find(bitmap);
    if (mine !== turn) return found.bitmap.close();
    keep(file.name ?? "photo", found.faces.map((face) => scaled(face, scale)));
    stage.show(found.bitmap, found.faces);
    say(`${count(found.faces)} found in ${Math.round(found.milliseconds)} ms.`);
  } catch (error) {
    if (mine !== turn) return;
    // What is still shown belongs to another picture.
    element("result").hidden = true;
    say(error.message, true);
  }
}

async function findOnSample() {
  const response = await fetch("sample.png");
  await findOn(new File([await response.blob()], "sample.png"));
}

async function startCamera() {
  const mine = ++turn;
  say("Starting the camera …");
  try {
    await finder.ready;
    const opened = await openCamera();
    if (mine !== turn) return opened.stop();
    camera = opened;
    camera.ended.then(() => mine === turn && stopCamera("The camera has stopped."));
    element("camera").textContent = "Stop the camera";
    element("camera").setAttribute("aria-pressed", "true");
    element("smoothing").hidden = false;
    await follow(mine);
  } catch (error) {
    if (mine !== turn) return;
    stopCamera();
    say(error.message, true);
  }
}

/** Follows the faces of the camera's frames, one frame after the other, until something else is asked for. */
async function follow(mine) {
  const times = [];
  let smooth = null;
  let tabled = 0;
  while (mine === turn && camera) {
    const { mirrored } = camera;
    const frame = await camera.frame();
    if (mine !== turn) return frame.bitmap.close();
    const restart = smooth !== element("smooth").checked;
    smooth = element("smooth").checked;
    const found = await finder.follow(frame.bitmap, { seconds: frame.seconds, smooth, restart });
    if (mine !== turn) return found.bitmap.close();
    element("result").hidden = false;
    stage.show(found.bitmap, found.faces, { mirrored, isFrame: true });
    const now = performance.now();
    times.push({ now, milliseconds: found.milliseconds });
    while (times[0].now < now - 2000) times.shift();
    // Words and tables that change with every frame can be neither read nor listened to.
    shown = { name: "camera", faces: found.faces };
    if (now - tabled > 500) {
      tabled = now;
      keep("camera", found.faces);
      say(`${count(found.faces)} in front of the camera.`);
      const mean = times.reduce((sum, one) => sum + one.milliseconds, 0) / times.length;
      const rate = times.length > 1 ? (1000 * (times.length - 1)) / (now - times[0].now) : 0;
      element("rate").textContent = `${rate.toFixed(0)} frames per second, ${mean.toFixed(0)} ms each`;
    }
  }
}

function stopCamera(words) {
  if (!camera) return;
  turn++;
  camera.stop();
  camera = null;
  element("camera").textContent = "Use the camera";
  element("camera").setAttribute("aria-pressed", "false");
  element("smoothing").hidden = true;
  element("rate").textContent = "";
  if (words) say(words);
}

element("file").addEventListener("change", ({ target }) => {
  const [file] = target.files;
  if (file) findOn(file);
  // The same file can be chosen again.
  target.value = "";
});
element("sample").addEventListener("click", () => findOnSample().catch((error) => say(error.message, true)));
element("camera").addEventListener("click", () => (camera ? stopCamera("The camera is off.") : startCamera()));
element("rings").addEventListener("change", ({ target }) => (stage.rings = target.checked));
element("table").addEventListener("toggle", () => keep(shown.name, shown.faces));
element("csv").addEventListener("click", () => save(toCsv(shown.name, shown.faces, names), "faces.csv", "text/csv"));
element("json").addEventListener("click", () => save(toJson(shown.name, shown.faces), "faces.json", "application/json"));

// Photos may be dropped anywhere.
let inside = 0;
addEventListener("dragenter", () => document.body.classList.toggle("over", ++inside > 0));
addEventListener("dragleave", () => document.body.classList.toggle("over", --inside > 0));
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  event.preventDefault();
  inside = 0;
  document.body.classList.remove("over");
  const [file] = event.dataTransfer.files;
  if (file) findOn(file);
  else say("What was dropped is no file.", true);
});

finder.ready.then(
  (all) => {
    names = all;
    if (turn === 0) say("Ready.");
  },
  (error) => say(`The networks cannot be loaded: ${error.message}. The page needs a browser of 2023 or later.`, true),
);
// Works without a network from the second visit on. Without a service worker it only does not.
navigator.serviceWorker?.register("offline.js").catch(() => {});
