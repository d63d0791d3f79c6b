// The picture on the page: as large as there is room, and what a pointer or the arrow keys choose on it.

import { draw } from "./draw.js";

/** A pointer means the nearest point within so many pixels of the page. */
const REACH = 16;

/** A picture that is small is shown larger, up to so many times. */
const LARGEST = 2;

export class Stage {
  #canvas = document.getElementById("picture");
  #bubble = document.getElementById("name");
  #named = document.getElementById("named");
  #context = this.#canvas.getContext("2d");
  #picture = null;
  #faces = [];
  #mirrored = false;
  #chosen = null;
  #rings = true;
  #scale = 1;

  constructor() {
    const canvas = this.#canvas;
    canvas.addEventListener("pointermove", (event) => this.#point(event));
    canvas.addEventListener("pointerdown", (event) => this.#point(event));
    canvas.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") this.#choose(null);
    });
    canvas.addEventListener("blur", () => this.#choose(null));
    canvas.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.#redraw()).observe(document.querySelector("main"));
  }

  /** Shows a bitmap, which is the stage's from now on, and its faces. A chosen point stays chosen from one frame to the next. */
  show(picture, faces, { mirrored = false, isFrame = false } = {}) {
    this.#picture?.close();
    this.#picture = picture;
    this.#faces = faces;
    this.#mirrored = mirrored;
    const count = faces.length === 1 ? "1 face" : `${faces.length} faces`;
    const label = `The picture with ${count} on it`;
    if (this.#canvas.getAttribute("aria-label") !== label) this.#canvas.setAttribute("aria-label", label);
    if (!isFrame || !faces[this.#chosen?.face]) this.#chosen = null;
    this.#redraw();
  }

  set rings(rings) {
    this.#rings = rings;
    this.#redraw();
  }

  #redraw() {
    const picture = this.#picture;
    if (!picture) return;
    const canvas = this.#canvas;
    const room = document.getElementById("result").clientWidth;
    const tall = Math.max(260, innerHeight * 0.72);
    const shown = Math.min(LARGEST, room / picture.width, tall / picture.height);
    const dense = Math.min(devicePixelRatio || 1, 2);
    const [width, height] = [picture.width, picture.height].map((size) => Math.max(1, Math.round(size * shown)));
    const [across, down] = [width, height].map((size) => Math.round(size * dense));
    if (canvas.width !== across || canvas.height !== down) {
      [canvas.width, canvas.height] = [across, down];
      canvas.style.width = `${width}px`;
    }
    this.#scale = shown;
    const view = { scale: shown * dense, dense, mirrored: this.#mirrored, rings: this.#rings, chosen: this.#chosen };
    draw(this.#context, picture, this.#faces, view);
    this.#place();
  }

  /** All points, face by face, with their places on the page. */
  #points() {
    const width = this.#picture.width * this.#scale;
    return this.#faces.flatMap(({ keypoints, uncertainty }, face) =>
      Object.entries(keypoints).map(([name, [x, y]]) => {
        const across = (x + 0.5) * this.#scale;
        const at = [this.#mirrored ? width - across : across, (y + 0.5) * this.#scale];
        return { face, name, place: [x, y], uncertainty: uncertainty?.[name], at };
      }),
    );
  }

  #point({ clientX, clientY }) {
    if (!this.#picture) return;
    const box = this.#canvas.getBoundingClientRect();
    let nearest = null;
    let least = REACH;
    for (const one of this.#points()) {
      const distance = Math.hypot(one.at[0] - clientX + box.left, one.at[1] - clientY + box.top);
      if (distance < least) [nearest, least] = [one, distance];
    }
    this.#choose(nearest);
  }

  #key(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") this.#choose(null);
    if (!step || !this.#picture) return;
    event.preventDefault();
    const points = this.#points();
    if (points.length === 0) return;
    const last = points.findIndex((one) => this.#is(one));
    const next = last < 0 && step < 0 ? points.length - 1 : (last + step + points.length) % points.length;
    this.#choose(points[next]);
    this.#named.textContent = this.#bubble.textContent;
  }

  #is(point) {
    return point.face === this.#chosen?.face && point.name === this.#chosen.name;
  }

  #choose(point) {
    const chosen = point && { face: point.face, name: point.name };
    if (chosen?.face === this.#chosen?.face && chosen?.name === this.#chosen?.name) return;
    this.#chosen = chosen;
    this.#redraw();
  }

  /** Puts the chosen point's name beside it. */
  #place() {
    const point = this.#chosen && this.#points().find((one) => this.#is(one));
    this.#bubble.hidden = !point;
    if (!point) return;
    const [x, y] = point.place.map((place) => place.toFixed(1));
    const uncertain = point.uncertainty === undefined ? "" : ` ± ${point.uncertainty.toFixed(1)}`;
    this.#bubble.textContent = `${point.name.replaceAll("_", " ")}: ${x}, ${y}${uncertain}`;
    const room = this.#canvas.clientWidth - this.#bubble.offsetWidth;
    const below = point.at[1] < 44;
    this.#bubble.style.left = `${Math.max(0, Math.min(room, point.at[0] - this.#bubble.offsetWidth / 2))}px`;
    this.#bubble.style.top = `${below ? point.at[1] + 16 : point.at[1] - this.#bubble.offsetHeight - 12}px`;
  }
}
