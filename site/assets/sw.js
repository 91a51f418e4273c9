/**
 * The service worker: what was read can be read again without a network, and what never changes is fetched once.
 *
 * A page always comes from the network where there is one that answers in time; a kept one is marked with the hour at
 * which it was kept, for its prices may have changed. What is left, orders and all else of the API never pass here, nor
 * do the pages of who works here.
 */

const LASTING = "lasting";
const READ = "read";
const NEVER_CHANGES = /^\/(assets|pictures)\/[0-9a-f]{8,}\//;
const NOT_OURS = /^\/(en\/)?(api|q|Q|admin|staff|host|live|pay|links)\b/;
const PRICES = "/packs.json";
const DRAWING = /\.svg$/;
const PATIENCE = 4000; // milliseconds for a page of which there is a kept one
/** @type {Record<string, number>} */
const MOST = { [LASTING]: 150, [READ]: 60 };
const AWAY = { zh: "/away/", en: "/en/away/" };
const KEPT_AT = "X-Kept-At";

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

worker.addEventListener("install", (event) => event.waitUntil(ready()));
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("message", ({ data }) => Promise.all(data.loaded.map(keepLoaded)));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== worker.location.origin || NOT_OURS.test(pathname)) return;
  if (NEVER_CHANGES.test(pathname)) event.respondWith(lasting(request));
  else if (pathname === PRICES) event.respondWith(prices(request, event.clientId));
  else if (DRAWING.test(pathname))
    event.respondWith(fresh(request).catch(async () => (await kept(request, "")) || Response.error()));
  else if (request.mode === "navigate") event.respondWith(page(request, pathname));
});

/** Has the page that says there is no network, with all that it shows. */
async function ready() {
  for (const path of Object.values(AWAY)) {
    const loaded = await keepLoaded(path);
    const text = loaded ? await loaded.text() : "";
    await Promise.all(
      [...text.matchAll(/(?:href|src)="(\/(?:assets)\/[^"]+)"/g)].map(([, found]) => keepLoaded(found)),
    );
  }
  await worker.skipWaiting();
}

/**
 * Keeps what the first page loaded before there was a worker; answers it.
 * @param {string} path
 */
async function keepLoaded(path) {
  if (NOT_OURS.test(path)) return null;
  return NEVER_CHANGES.test(path) ? lasting(new Request(path)) : fresh(new Request(path));
}

/** @param {Request} request */
async function lasting(request) {
  const cache = await caches.open(LASTING);
  const found = await cache.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.status === 200) await put(LASTING, request, answer.clone());
  return answer;
}

/**
 * From the network, and kept. A page is kept without its query: that is what somebody asked of it.
 * @param {Request} request
 */
async function fresh(request) {
  const answer = await fetch(request);
  if (answer.status === 200 && !answer.redirected) {
    const headers = new Headers(answer.headers);
    headers.set(KEPT_AT, new Date().toISOString());
    await put(READ, bare(request), new Response(await answer.clone().blob(), { headers }));
  }
  return answer;
}

/**
 * @param {Request} request
 * @param {string} pathname
 */
async function page(request, pathname) {
  const coming = fresh(request);
  /** @type {Promise<undefined>} */
  const late = new Promise((tell) => setTimeout(tell, PATIENCE));
  const answer = await Promise.race([coming, late]).catch(() => undefined);
  if (answer) return answer;
  const away = AWAY[pathname.startsWith("/en/") ? "en" : "zh"];
  return (await kept(request, "")) || coming.catch(async () => (await kept(request, away)) || Response.error());
}

/**
 * The prices that a cart is filled by; kept ones are never shown without the page's saying so.
 * @param {Request} request
 * @param {string} clientId
 */
async function prices(request, clientId) {
  try {
    return await fresh(request);
  } catch {
    const found = await kept(request, "");
    const client = found && (await worker.clients.get(clientId));
    client?.postMessage({ kept: found?.headers.get(KEPT_AT) });
    return found || Response.error();
  }
}

/**
 * A kept answer, or the page `instead`; HTML says since when it was kept.
 * @param {Request} request
 * @param {string} instead
 */
async function kept(request, instead) {
  const cache = await caches.open(READ);
  const found = await cache.match(bare(request));
  if (!found) return instead ? cache.match(instead) : undefined;
  if (!(found.headers.get("Content-Type") || "").startsWith("text/html")) return found;
  const html = (await found.text()).replace("<html ", `<html data-kept="${found.headers.get(KEPT_AT)}" `);
  return new Response(html, { headers: found.headers });
}

/** @param {Request} request */
const bare = ({ url }) => url.replace(/[?#].*$/, "");

/**
 * Puts it, and lets the oldest go where there are too many.
 * @param {string} name
 * @param {RequestInfo} request
 * @param {Response} answer
 */
async function put(name, request, answer) {
  const cache = await caches.open(name);
  await cache.delete(request);
  await cache.put(request, answer);
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST[name])).map((old) => cache.delete(old)));
}
