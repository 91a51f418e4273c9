/** Says beside the button why there is no order yet. */

import { paragraph, part, show } from "../core/page.js";

/** Says `text`, with elements that help below it; nothing at all takes the notice away. */
export function refuse(text, ...help) {
  const notice = part("refusal");
  notice.replaceChildren(...(text ? [paragraph(text)] : []), ...help);
  show(notice, notice.childNodes.length > 0);
  show(part("settle"));
}
