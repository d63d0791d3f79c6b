// The thread that finds faces, as promises.

export class Finder {
  #worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  #waiting = new Map();
  #last = 0;

  constructor() {
    /** The names of the points, once the networks are loaded. */
    this.ready = new Promise((resolve, reject) => {
      this.#worker.addEventListener("message", ({ data }) => {
        if ("ready" in data) {
          data.ready ? resolve(data.names) : reject(new Error(data.problem));
          return;
        }
        const { resolve: done, reject: failed } = this.#waiting.get(data.id);
        this.#waiting.delete(data.id);
        data.problem ? failed(new Error(data.problem)) : done(data);
      });
      this.#worker.addEventListener("error", (event) => {
        const error = new Error(event.message || "the code cannot be loaded");
        reject(error);
        for (const { reject: failed } of this.#waiting.values()) failed(error);
        this.#waiting.clear();
      });
    });
  }

  /** Finds the faces of a bitmap. The bitmap is taken away, and comes back with the answer: `{ faces, milliseconds, bitmap }`. */
  find(bitmap) {
    return this.#ask({ task: "find", bitmap });
  }

  /** The same for the next frame of a camera, `seconds` from any start. `restart` forgets the frames before. */
  follow(bitmap, options) {
    return this.#ask({ task: "follow", bitmap, ...options });
  }

  #ask(request) {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, ...request }, [request.bitmap]);
    });
  }
}
