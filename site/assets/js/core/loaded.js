/**
 * What a page does once it has all that it shows, in a file of its own: before, this would take from that.
 *
 * It fetches what the next click needs and how the page is printed, and has pages outlast the network.
 */

import { load } from "./page.js";

const ADDRESS = "/sw.js";

/** Does all of it; rejects where the browser will not have the service worker. */
export async function afterLoad() {
  fetchAhead();
  if ("serviceWorker" in navigator) await keepWhatIsRead();
}

function fetchAhead() {
  /** @type {HTMLMetaElement | null} */
  const paper = document.querySelector('meta[name="paper"]');
  if (paper) load({ rel: "stylesheet", media: "print", href: paper.content });
  /** @type {HTMLMetaElement | null} */
  const named = document.querySelector('meta[name="next"]');
  for (const path of named?.content.split(" ") ?? []) {
    const kind = path.endsWith(".css") ? { as: "style" } : { as: "script", crossOrigin: "" };
    load({ rel: "prefetch", href: path, ...kind });
  }
}

/** Begins the service worker, whose address browsers with Trusted Types want said by a policy of its own. */
function beginWorker() {
  const policy = window.trustedTypes?.createPolicy("worker", { createScriptURL: () => ADDRESS });
  return navigator.serviceWorker.register(policy ? policy.createScriptURL("") : ADDRESS);
}

/** Keeps what is read. What this page has loaded by now passed before there was anybody to keep it. */
async function keepWhatIsRead() {
  await beginWorker();
  const worker = (await navigator.serviceWorker.ready).active;
  const paths = performance.getEntriesByType("resource").map(({ name }) => new URL(name));
  const own = paths.filter(
    ({ origin, pathname }) => origin === window.location.origin && /\/assets\/|\.svg$/.test(pathname),
  );
  worker?.postMessage({ loaded: [window.location.pathname, ...own.map(({ pathname }) => pathname)] });
}
