/** Enrols this device by an invitation, and shows the manager who works here. */

import { call } from "../../core/api.js";
import { newKey } from "../../core/browser.js";
import { copy } from "../../core/clipboard.js";
import { all, lang, moment, part, say, show, write } from "../../core/page.js";
import { callAsStaff, reason } from "../../core/staff-api.js";
import { getPersonal, removeItem, setPersonal } from "../../core/storage.js";
import { tell, trying } from "../../core/trying.js";
import { confirmTwice } from "../../widgets/confirm-twice.js";
import "../../core/words-goods.js";
import "../../core/words-staff.js";
import "../../widgets/shop.js";

const KEY = "cunbo.enrolling";
const secret = /^#?([\w-]*)/.exec(window.location.hash)?.[1] ?? ""; // chats add words of their own behind it
/** @type {Map<string, string>} */
const roomNames = new Map();

/** Uses the invitation, with the same key until an answer has come: a lost answer would have used it up. */
async function enrol() {
  const kept = getPersonal(KEY);
  const key = kept && kept.secret === secret ? kept.key : newKey();
  setPersonal(KEY, { secret, key });
  /** @type {Answer<"enrol">} */
  const answer = await call("/api/staff/enrol", { method: "POST", body: JSON.stringify({ invitation: secret }), key });
  if (answer.status !== 201) {
    const foreign = answer.data?.type === "/problems/forbidden";
    return tell(foreign ? say("staff.elsewhere", answer.data) : say("staff.invitation_over"), true);
  }
  removeItem(KEY);
  window.history.replaceState(null, "", window.location.pathname);
  tell(say("staff.done"));
  show(part("invited"), false);
  return welcome(answer.data);
}

async function look() {
  /** @type {Answer<"me">} */
  const { status, data } = await call("/api/staff/me");
  if (status === 200) return welcome(data);
  return show(part("stranger"));
}

/** @param {StaffMember} worker */
function welcome({ name, role, opens, rooms }) {
  show(part("desk"), role === "manager");
  for (const { room, name: both } of rooms) roomNames.set(room, both[lang]);
  write(part("who"), say("staff.who", { name, role: roleOf(role) }));
  part("opens").href = (document.documentElement.lang === "en" ? "/en" : "") + opens;
  show(part("earned"), role === "packer" || role === "manager");
  show(part("enrolled"));
  if (role === "manager") return list();
  return null;
}

async function list() {
  /** @type {Answer<"devices"> | null} */
  const answer = await callAsStaff("/api/staff/devices");
  if (answer?.status !== 200) return;
  const { devices, invitations } = answer.data;
  const deviceRows = devices.map(({ device, name, role, rooms, goods, since, unused_days: days, days_left: left }) => ({
    id: device,
    name,
    text: say("staff.device", { name, role: jobOf(role, rooms, goods), at: moment(since), use: useOf(days), left }),
  }));
  const invitationRows = invitations.map(({ invitation, name, role, rooms, goods, until }) => ({
    id: invitation,
    name,
    text: say("staff.invitation", { name, role: jobOf(role, rooms, goods), at: moment(until) }),
  }));
  rows("devices", deviceRows);
  rows("invitations", invitationRows);
  show(part("manager"));
}

/** @param {string} role */
const roleOf = (role) => say(`staff.roles.${role}`);

/**
 * The role, and for a host in which rooms, for a packer of which goods where these are not all.
 * @param {string} role
 * @param {string[] | null} rooms
 * @param {string[] | null} goods
 */
function jobOf(role, rooms, goods) {
  if (goods) return roleOf(role) + say("staff.in_rooms", { rooms: goods.map(goodsNamed).join(say("goods.comma")) });
  if (role !== "host") return roleOf(role);
  const names = rooms?.map((room) => roomNames.get(room) ?? room).join(say("goods.comma"));
  return roleOf(role) + say("staff.in_rooms", { rooms: names ?? say("staff.every_room") });
}

/** What a product is called, as the form has it. @param {string} id */
const goodsNamed = (id) =>
  boxes("goods")
    .find(({ value }) => value === id)
    ?.parentElement?.textContent?.split("·")[0]
    .trim() ?? id;

/**
 * When a device was last used.
 * @param {number | null} days
 */
function useOf(days) {
  if (days === null) return say("staff.never");
  return days > 1 ? say("staff.used", { days }) : say(days ? "staff.yesterday" : "staff.today");
}

/**
 * Shows each with a button that revokes it.
 * @param {string} name
 * @param {{id: string, name: string, text: string}[]} found
 */
function rows(name, found) {
  part(name).replaceChildren(
    ...found.map((one) => {
      const row = document.createElement("li");
      const text = document.createElement("span");
      const button = document.createElement("button");
      text.textContent = one.text;
      button.type = "button";
      button.className = "button plain";
      button.textContent = say("staff.revoke");
      button.setAttribute("aria-label", `${say("staff.revoke")} ${one.name}`);
      confirmTwice(
        button,
        () => say("staff.sure"),
        () => trying(() => revoke(one.id)),
      );
      row.append(text, button);
      return row;
    }),
  );
  if (!found.length) {
    const none = document.createElement("li");
    none.textContent = say("staff.none");
    part(name).append(none);
  }
}

/** @param {string} id */
async function revoke(id) {
  if (!(await callAsStaff(`/api/staff/devices/${id}/revoke`, { method: "POST" }))) return;
  tell(say("staff.revoked"));
  await list();
}

async function leave() {
  if (!(await callAsStaff("/api/staff/leave", { method: "POST" }))) return;
  tell(say("staff.left"));
  for (const name of ["enrolled", "manager"]) show(part(name), false);
  show(part("stranger"));
}

async function invite() {
  const { role, name } = part("invite").elements;
  if (!name.value.trim()) {
    name.focus();
    return tell(say("staff.no_name"), true);
  }
  const rooms = chosen("rooms", "room", "every");
  if (rooms && !rooms.length) {
    part("every").focus();
    return tell(say("staff.no_rooms"), true);
  }
  const goods = chosen("goods", "goods", "every-goods");
  if (goods && !goods.length) {
    part("every-goods").focus();
    return tell(say("staff.no_goods"), true);
  }
  const packs = Array.isArray(goods) ? { goods } : {};
  const body = { role: role.value, name: name.value, ...(rooms && { rooms }), ...packs };
  /** @type {Answer<"invite"> | null} */
  const answer = await callAsStaff("/api/staff/invitations", { method: "POST", body });
  if (!answer) return null;
  if (answer.status !== 201) return tell(reason(answer), true);
  const { link, until, qr } = answer.data;
  write(part("made-words"), say("staff.made", { name: name.value.trim(), at: moment(until) }));
  write(part("made-link"), link);
  part("made-code").replaceChildren(drawn(qr));
  show(part("made"));
  part("made").focus();
  part("invite").reset();
  showBounds();
  return list();
}

/** @param {"room" | "goods"} name */
const boxes = (name) => /** @type {HTMLInputElement[]} */ (all(`[name=${name}]`));

/**
 * What is ticked of a list, or that it is all; null where the role is not bound to such.
 * @param {"rooms" | "goods"} list
 * @param {"room" | "goods"} name
 * @param {"every" | "every-goods"} every
 */
function chosen(list, name, every) {
  if (part(list).hidden) return null;
  if (part(every).checked) return /** @type {const} */ ("all");
  return boxes(name).flatMap(({ checked, value }) => (checked ? value : []));
}

/** Asks for a host's rooms and a packer's goods, one by one unless it is all of them. */
function showBounds() {
  const role = part("invite").elements.role.value;
  show(part("rooms"), role === "host");
  show(part("goods"), role === "packer");
  for (const box of boxes("room")) box.disabled = part("every").checked;
  for (const box of boxes("goods")) box.disabled = part("every-goods").checked;
}

/**
 * The code as the answer draws it: its lines alone, whatever else it may hold.
 * @param {string} svg
 */
function drawn(svg) {
  const space = svg.match(/xmlns="([^"]*)"/)?.[1] ?? "";
  const code = document.createElementNS(space, "svg");
  code.setAttribute("viewBox", svg.match(/viewBox="([^"]*)"/)?.[1] ?? "");
  code.setAttribute("role", "img");
  code.setAttribute("aria-label", "QR");
  for (const [, written] of svg.matchAll(/<path ([^>]*)>/g)) {
    const line = document.createElementNS(space, "path");
    for (const [, name, value] of written.matchAll(/(?:^|\s)(d|transform|stroke|fill)="([^"]*)"/g))
      line.setAttribute(name, value);
    code.append(line);
  }
  return code;
}

part("enrol").addEventListener("click", () => trying(enrol));
part("invite").addEventListener("submit", (event) => {
  event.preventDefault();
  trying(invite);
});
part("invite").addEventListener("change", showBounds);
part("copy").addEventListener("click", async () => {
  tell(say((await copy(part("made-link").textContent ?? "")) ? "staff.copied" : "staff.uncopied"));
});
confirmTwice(
  part("leave"),
  () => say("staff.sure"),
  () => trying(leave),
);
showBounds(); // a browser may have kept the form as it was
if (secret) show(part("invited"));
else trying(look);
