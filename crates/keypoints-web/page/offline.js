// Keeps the page's own files for when there is no network: a service worker. With a network the files are fetched anew each time, so that
// they always fit together.

const CACHE = "find-faces";
const FILES = [
  "./", "style.css", "icon.svg", "sample.png", "js/app.js", "js/camera.js", "js/draw.js", "js/export.js", "js/finder.js", "js/photo.js",
  "js/stage.js", "js/table.js", "js/worker.js", "pkg/keypoints_web.js", "pkg/keypoints_web_bg.wasm",
];

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)));
});

addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  if (event.request.method !== "GET" || new URL(event.request.url).origin !== location.origin) return;
  event.respondWith(freshOrKept(event));
});

async function freshOrKept(event) {
  const cache = await caches.open(CACHE);
  try {
    const fresh = await fetch(event.request);
    if (fresh.ok) event.waitUntil(cache.put(event.request, fresh.clone()));
    return fresh;
  } catch (error) {
    const kept = await cache.match(event.request, { ignoreSearch: true });
    if (kept) return kept;
    throw error;
  }
}
