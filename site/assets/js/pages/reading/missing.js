/**
 * The page for an address that nothing is at: goes to the page that was probably meant, and says the rest in the
 * language of the address.
 */

import { lang, part } from "../../core/page.js";
import "../../widgets/shelf.js";

const ENGLISH = /^\/en(\/|$)/i;

/**
 * A path as a person would correct it: small letters, one slash between names and one at the end, nothing of the sentence
 * that the link stood in.
 * @param {string} path
 * @returns {string}
 */
export function corrected(path) {
  let said = path;
  try {
    said = decodeURIComponent(path);
  } catch {
    // a path that is no text is corrected as it is
  }
  const names = said
    .normalize("NFKC")
    .replace(/[\p{Cf}\s]/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+$/u, "")
    .replace(/(^|[\\/])index(\.html?)?$/, "")
    .split(/[\\/]+/)
    .filter(Boolean);
  if (names[0] === "zh") names.shift();
  return encodeURI(names.length ? `/${names.join("/")}/` : "/");
}

/**
 * What somebody looks for who has typed this path: the words of its last name.
 * @param {string} path
 * @returns {string}
 */
export function wordsOf(path) {
  const names = decodeURI(corrected(path)).split("/").filter(Boolean);
  return ENGLISH.test(path) && names.length < 2 ? "" : (names.pop() ?? "").replace(/[-_.+]+/g, " ");
}

async function lead() {
  const { pathname, search, hash } = window.location;
  if (lang === "zh" && ENGLISH.test(pathname) && !pathname.endsWith("/404.html")) {
    window.location.replace(`/en/404.html#${pathname}${search}`);
    return;
  }
  // The English page was led to, and takes the address that was asked for.
  const asked = lang === "en" && pathname === "/en/404.html" && ENGLISH.test(hash.slice(1)) ? hash.slice(1) : "";
  if (asked) window.history.replaceState(null, "", asked);
  const path = window.location.pathname;
  if (path.endsWith("/404.html")) return;
  part("query").value = wordsOf(path);
  const meant = corrected(path);
  if (meant === path) return;
  const answer = await fetch(meant, { method: "HEAD" });
  if (answer.ok) window.location.replace(meant + window.location.search + (asked ? "" : hash));
}

import("../../widgets/goods/seen.js").then(({ showSeen }) => showSeen()).catch(() => {}); // without it there are the goods below
lead().catch(() => {}); // whoever is without a network stays here
