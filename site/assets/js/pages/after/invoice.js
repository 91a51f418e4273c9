/** Asking for an invoice: title and tax number, and where it is sent; it can be changed until it is issued. */

import { call, unlessAway } from "../../core/api.js";
import { money, part, say, show, write } from "../../core/page.js";
import "../../core/words-invoice.js";

const FIELDS = ["title", "tax_number", "email"];

/**
 * Shows it for the order, once it is paid.
 * @param {OrderStatus} order
 * @param {Key} key
 */
export async function paint(order, key) {
  show(part("invoice"), false);
  try {
    /** @type {Answer<"invoice">} */
    const answer = await call(`/api/orders/${key.order}/invoice`, { token: key.token });
    if (answer.status !== 200) return;
    const { amount, invoice } = answer.data;
    if (!amount && !invoice) return;
    tell(amount, invoice, order.email ?? "");
    show(part("invoice"));
  } catch (error) {
    unlessAway(error);
  }
  const kind = part("invoice-kind");
  kind.onchange = () => show(part("invoice-tax-row"), kind.value === "company");
  part("invoice-form").onsubmit = (event) => {
    event.preventDefault();
    send(order, key);
  };
}

/**
 * @param {number} amount
 * @param {Schemas["Invoice"] | null} invoice
 * @param {string} email
 */
function tell(amount, invoice, email) {
  const issued = invoice?.state === "issued";
  const words = [part("invoice-said").dataset.lead?.replace("{amount}", money(amount)) ?? ""];
  if (invoice) words[0] = say(`invoice.${invoice.state}`, { ...invoice, amount: money(invoice.amount ?? amount) });
  if (invoice?.due_red) words.push(say("invoice.red", { amount: money(invoice.due_red) }));
  write(part("invoice-said"), words.join(" "));
  show(part("invoice-form"), !issued && amount > 0);
  part("invoice-kind").value = invoice?.kind ?? "person";
  part("invoice-title").value = invoice?.title ?? "";
  part("invoice-tax").value = invoice?.tax_number ?? "";
  part("invoice-email").value = invoice?.email ?? email;
  show(part("invoice-tax-row"), invoice?.kind === "company");
}

/**
 * @param {OrderStatus} order
 * @param {Key} key
 */
async function send(order, key) {
  const fault = part("invoice-fault");
  write(fault, "");
  const [title, tax_number, email] = ["title", "tax", "email"].map(
    (name) => part(/** @type {"invoice-title"} */ (`invoice-${name}`)).value,
  );
  const kind = part("invoice-kind").value;
  const body = JSON.stringify({ kind, title, email, ...(kind === "company" ? { tax_number } : {}) });
  part("invoice-send").disabled = true;
  try {
    /** @type {Answer<"askInvoice">} */
    const answer = await call(`/api/orders/${key.order}/invoice`, { method: "PUT", token: key.token, body });
    if (answer.status === 200) return tell(answer.data.amount, answer.data.invoice, order.email ?? "");
    const field = answer.data.errors?.[0]?.pointer.slice(1) ?? "";
    write(fault, say(`invoice.faults.${FIELDS.includes(field) ? field : "other"}`));
  } catch (error) {
    unlessAway(error);
    write(fault, say("invoice.away"));
  } finally {
    part("invoice-send").disabled = false;
  }
}
