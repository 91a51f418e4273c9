/** The manager's desk. The days' sums, spreadsheets, reconciliation, invoices. */

import { now } from "../../core/clock.js";
import { all, day, lang, money, part, say, show, when, write } from "../../core/page.js";
import { callAsStaff, reason } from "../../core/staff-api.js";
import { tell, trying } from "../../core/trying.js";
import { confirmTwice } from "../../widgets/confirm-twice.js";
import { methodName } from "../../widgets/methods.js";
import { showInvoices } from "./books-invoices.js";
import { acting, ask, download, line } from "./books-rows.js";
import { open } from "./opening.js";
import "../../core/words-desk_books.js";

const TABLES = /** @type {const} */ (["days", "goods", "villages", "rooms", "providers", "reasons", "foreign"]);
const FIGURES = /** @type {const} */ (["came", "went", "claimed", "fees", "net", "orders", "unbilled"]);
const COUNTS = ["orders", "unbilled"];
let manages = false;

const span = () => part("books-day").value || part("books-month").value;
const month = () => part("books-month").value;

async function look() {
  /** @type {Answer<"dayBooks"> | null} */
  const answer = await callAsStaff(`/api/staff/books?span=${span()}`);
  if (!answer) return;
  if (answer.status !== 200) return tell(reason(answer), true);
  tell("");
  const { money: sums, stale } = answer.data;
  part("books-figures").replaceChildren(
    ...FIGURES.map((name) => {
      const pair = document.createElement("div");
      const [term, value] = [document.createElement("dt"), document.createElement("dd")];
      term.textContent = say(`desk_books.figures.${name}`);
      value.textContent = COUNTS.includes(name) ? String(sums[name]) : money(sums[name]);
      pair.append(term, value);
      return pair;
    }),
  );
  const days = stale.map((one) => day(one, "short")).join(" ");
  write(part("books-stale"), days && say("desk_books.stale", { days }));
  part("books-tables").replaceChildren(...TABLES.flatMap((name) => table(name, answer.data)));
}

/**
 * A table of the sums as a list that opens; nothing where it has no row.
 * @param {typeof TABLES[number]} name
 * @param {Schemas["Books"]} books
 */
function table(name, books) {
  const rows =
    name === "days" ? books.days.filter(({ came, went }) => came || went).map(dayText) : sumTexts(name, books);
  if (!rows.length) return [];
  const [box, head, list] = ["details", "summary", "ul"].map((tag) => document.createElement(tag));
  head.textContent = say(`desk_books.tables.${name}`);
  list.className = "plain rows";
  list.append(...rows.map((text) => line(text)));
  box.append(head, list);
  return [box];
}

/** @param {Schemas["Books"]["days"][number]} one */
const dayText = ({ day: at, came, went, net }) =>
  `${day(at, "short")} · ${say("desk_books.day", { came: money(came), went: money(went), net: money(net) })}`;

/**
 * @param {Exclude<typeof TABLES[number], "days">} name
 * @param {Schemas["Books"]} books
 */
function sumTexts(name, books) {
  return books[name].map((row) => {
    const { id, name: called } = row;
    const of = (/** @type {"came" | "went" | "fees" | "refunds" | "units" | "fen" | "back"} */ column) =>
      row[column] ?? 0;
    const fen = (/** @type {Parameters<typeof of>[0]} */ column) => money(of(column));
    if (name === "providers")
      return `${methodName(id)} · ${say("desk_books.provider", { came: fen("came"), went: fen("went"), fees: fen("fees") })}`;
    if (name === "reasons")
      return `${say(`desk_books.reasons.${id}`)} · ${say("desk_books.reason", { refunds: of("refunds"), went: fen("went") })}`;
    if (name === "foreign") return `${id} · ${of("came") - of("went")}`;
    return `${called?.[lang] || id || "-"} · ${say("desk_books.goods", { units: of("units"), fen: fen("fen"), back: fen("back") })}`;
  });
}

async function reconciled() {
  /** @type {Answer<"reconciliation"> | null} */
  const answer = await callAsStaff(`/api/staff/books/reconciliation?month=${month()}`);
  if (answer?.status !== 200) return;
  const days = answer.data.days.filter(({ found }) => found.length);
  show(part("statements-none"), !days.length);
  part("statement-days").replaceChildren(...days.map(findings));
  show(part("strays-none"), !answer.data.strays.length);
  part("stray-rows").replaceChildren(...answer.data.strays.map(stray));
}

/** @param {Schemas["DayFindings"]} one */
function findings({ day: at, open: isOpen, found }) {
  const box = document.createElement("details");
  const [head, list] = [document.createElement("summary"), document.createElement("ul")];
  box.open = isOpen;
  head.textContent = `${day(at)} · ${found.length}`;
  list.className = "plain rows";
  list.append(
    ...found.map((each) => {
      const amounts = { theirs: money(each.theirs), ours: money(each.ours) };
      const wrong = say(`desk_books.wrong.${each.wrong}`);
      const words = [
        say("desk_books.finding", { ...each, ...amounts, provider: methodName(each.provider), wrong }),
        each.gone ? say("desk_books.gone", { at: when(each.gone) }) : "",
        ...each.notes.map((note) => ` · ${when(note.at)} ${note.by}: ${note.words}`),
      ];
      const row = line(words.join(""));
      if (manages && !each.gone)
        row.append(
          acting("desk_books.note", "desk_books.note_go", null, async (typed) => {
            const body = { finding: each.id, words: typed };
            if (await ask(`/api/staff/books/reconciliation/${at}/notes`, body)) await reconciled();
          }),
        );
      return row;
    }),
  );
  box.append(head, list);
  return box;
}

/** @param {Schemas["Stray"]} one */
function stray({ stray: number, provider, amount, currency, reference, seen, state }) {
  const sum = currency === "CNY" ? money(amount) : `${amount} ${currency}`;
  const facts = { provider: methodName(provider), amount: sum, at: when(seen), reference: reference || "-" };
  const row = line(say("desk_books.stray", facts));
  if (state !== "open") row.append(say("desk_books.going"));
  else if (manages) {
    const back = document.createElement("button");
    back.type = "button";
    back.className = "button plain";
    back.textContent = say("desk_books.stray_back");
    confirmTwice(
      back,
      () => say("desk_books.stray_sure", { amount: sum }),
      async () => {
        if (await ask(`/api/staff/strays/${number}/return`)) await reconciled();
      },
    );
    row.append(
      acting(
        "desk_books.stray_order",
        "desk_books.stray_book",
        (order) => (/^[0-9]{20}$/.test(order) ? say("desk_books.stray_book_sure", { order: order.slice(-6) }) : null),
        async (order) => {
          if (await ask(`/api/staff/strays/${number}/book`, { order })) await reconciled();
        },
      ),
      back,
    );
  }
  return row;
}

/** Everything that goes by the month or the day that is chosen. */
const everything = () =>
  trying(async () => {
    await look();
    await reconciled();
    await showInvoices("", month(), manages);
  });

open(async (me) => {
  manages = me.role === "manager";
  part("books-month").value = new Date(now() + 288e5).toISOString().slice(0, 7);
  part("books-month").addEventListener("change", () => {
    part("books-day").value = "";
    everything();
  });
  part("books-day").addEventListener("change", () => trying(look));
  part("books-file").addEventListener("click", () => download(`/api/staff/books/file?span=${span()}&lang=${lang}`));
  for (const button of all("[data-invoices]"))
    button.addEventListener("click", () => trying(() => showInvoices(button.dataset.invoices ?? "", month(), manages)));
  show(part("books"));
  await everything();
});
