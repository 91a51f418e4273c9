/** How the afternoon goes, beneath the countdown: when the last parcel will be packed, and how many come too late. */

import { unlessAway } from "../../core/api.js";
import { hour, part, say, show, write } from "../../core/page.js";
import { callAsStaff } from "../../core/staff-api.js";
import { confirmTwice } from "../../widgets/confirm-twice.js";
import "../../core/words-pace.js";

const EVERY = 300000; // milliseconds: it reads all orders of the day
const MOST = 100; // orders of one question

/** @type {string[]} */
let late = [];
/** Whether this device is a manager's: they alone ask buyers. @type {boolean | null} */
let manages = null;

async function look() {
  if (document.visibilityState !== "visible") return;
  try {
    /** @type {Answer<"pace"> | null} */
    const answer = await callAsStaff("/api/staff/packing/pace");
    if (answer?.status !== 200) return;
    const { left, end, courier, late: all } = answer.data;
    late = all.filter(({ asked }) => !asked).map(({ order }) => order);
    const goes = end && left ? say("pace.end", { end: hour(end), courier: hour(courier) }) : "";
    const behind = all.length ? say("pace.late", { late: all.length, asked: all.length - late.length }) : "";
    write(part("pace"), [goes, behind].filter(Boolean).join(" "));
    if (late.length) manages ??= await isManager();
    show(part("pace-ask"), Boolean(late.length && manages));
    write(part("pace-ask"), say("pace.ask", { late: late.length }));
  } catch (error) {
    unlessAway(error);
  }
}

async function isManager() {
  /** @type {Answer<"me"> | null} */
  const answer = await callAsStaff("/api/staff/me");
  return answer?.status === 200 ? answer.data.role === "manager" : null;
}

async function ask() {
  try {
    await callAsStaff("/api/staff/packing/late", { method: "POST", body: { orders: late.slice(0, MOST) } });
    await look();
  } catch (error) {
    unlessAway(error);
  }
}

confirmTwice(part("pace-ask"), () => (late.length ? say("pace.sure") : null), ask);
window.setInterval(look, EVERY);
document.addEventListener("visibilitychange", look);
look();
