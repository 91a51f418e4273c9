/** What runs on every page: the cart's count in the header, and links that keep the fragment (an order's key). */

import { lines, onChange } from "./cart.js";
import { part, show, write } from "./page.js";

function count() {
  const badge = part("count");
  if (!badge) return;
  const units = lines().reduce((sum, line) => sum + line.quantity, 0);
  write(badge, String(units));
  show(badge, units > 0);
}

for (const link of document.querySelectorAll("[data-keeps-fragment]")) {
  link.addEventListener("click", () => {
    link.hash = window.location.hash;
  });
}

document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault(); // the address may hold a key after its #, in the place of which #main would come
  document.getElementById("main").focus();
});

onChange(count);
count();
window.addEventListener("pageshow", (event) => event.persisted && count());
