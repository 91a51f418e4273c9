/** Has the browser print one thing of the page: labels, the pick list, or the sheet that the courier signs. */

/**
 * @param {"labels" | "picks" | "sheet"} what
 * @param {string} [paper] that of this device's printer, for labels
 */
export function print(what, paper = "sheet") {
  const page = document.documentElement;
  page.dataset.printing = what;
  page.dataset.paper = paper;
  window.print();
}
