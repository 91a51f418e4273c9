/** Invoices at the desk: which are to be issued or taken back, and under which number they were. */

import { all, money, part, say, show } from "../../core/page.js";
import { callAsStaff, reason } from "../../core/staff-api.js";
import { tell } from "../../core/trying.js";
import { acting, ask, download, line } from "./books-rows.js";
import "../../core/words-desk_books.js";

const NUMBER = /^(?:[0-9]{20}|[0-9]{8})$/;
let shown = "asked";

/**
 * @param {string} state "" for the one that was shown before
 * @param {string} month
 * @param {boolean} manages
 */
export async function showInvoices(state, month, manages) {
  shown = state || shown;
  for (const button of all("[data-invoices]"))
    button.setAttribute("aria-pressed", String(button.dataset.invoices === shown));
  /** @type {Answer<"listInvoices"> | null} */
  const answer = await callAsStaff(`/api/staff/invoices?state=${shown}&month=${month}`);
  if (!answer) return;
  if (answer.status !== 200) return tell(reason(answer), true);
  const { invoices } = answer.data;
  show(part("invoices-none"), !invoices.length);
  part("invoice-rows").replaceChildren(...invoices.map((one) => row(one, month, manages)));
  part("invoice-file").onclick = () => download("/api/staff/invoices/file");
}

/**
 * @param {Schemas["ListedInvoice"]} one
 * @param {string} month
 * @param {boolean} manages
 */
function row(one, month, manages) {
  const { order, title, tax_number: tax, number = "", left, amount = left, due_red: due = 0 } = one;
  const words = [say("desk_books.invoice", { order: order.slice(-6), title, amount: money(amount) }), tax, number];
  const item = line(words.filter(Boolean).join(" · "));
  if (!manages || (one.state === "issued" && !due)) return item;
  const verb = due ? "red" : "issued";
  const sure = due ? say("desk_books.redden_sure", { amount: money(due) }) : say("desk_books.issue_sure");
  item.append(
    acting(
      "desk_books.number",
      due ? "desk_books.redden" : "desk_books.issue",
      (typed) => (NUMBER.test(typed) ? sure : null),
      async (typed) => {
        if (await ask(`/api/staff/invoices/${order}/${verb}`, { number: typed }))
          await showInvoices("", month, manages);
      },
    ),
  );
  return item;
}
