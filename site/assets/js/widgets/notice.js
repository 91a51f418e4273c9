/** The notice beside the order button: why there is no order yet, and what can be done about it. */

import { paragraph, part, show } from "../core/page.js";

/**
 * Shows `text`, with elements that help below it; "" and none of these hide the notice.
 * @param {string} text
 * @param {...(Node | string)} help
 */
export function showNotice(text, ...help) {
  const notice = part("refusal");
  notice.replaceChildren(...(text ? [paragraph(text)] : []), ...help);
  show(notice, notice.childNodes.length > 0);
  show(part("settle"));
}
