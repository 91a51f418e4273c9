/** The service worker's address, as browsers with Trusted Types want it said: by a policy of its own. */

const ADDRESS = "/sw.js";

/** Begins the service worker; rejects where the browser will not have it. */
export function beginWorker() {
  const policy = window.trustedTypes?.createPolicy("worker", { createScriptURL: () => ADDRESS });
  return navigator.serviceWorker.register(policy ? policy.createScriptURL("") : ADDRESS);
}
