/**
 * The addresses that this device keeps because its owner said so, the last used first. They never leave it but with an
 * order, and are forgotten a year after they were last used.
 */

import { getItem, onOtherTab, removeItem, setItem } from "../core/storage.js";

const NAME = "cunbo.addresses";
const MOST = 10;
const YEAR = 365 * 24 * 60 * 60 * 1000; // milliseconds

/** @type {(() => void)[]} */
const listeners = [];

/**
 * Returns all, the last used first.
 * @returns {SavedAddress[]}
 */
export function addresses() {
  const kept = getItem(NAME);
  return Array.isArray(kept) ? kept.filter(isWhole) : [];
}

/**
 * Tells addresses apart: by all that they say.
 * @param {Pick<SavedAddress, "name" | "phone" | "region" | "street">} address
 */
export const addressId = ({ name, phone, region, street }) => JSON.stringify([name, phone, region, street]);

/**
 * A phone as it is shown, for whoever looks over a shoulder: without the four digits in its middle.
 * @param {string} phone
 */
export const veiled = (phone) => phone.replace(/^\+86(\d{3})\d{4}/, "$1****");

/**
 * Keeps an address as the last used one; `replaced` is the ID of the one that it was made from, which goes.
 * @param {Omit<SavedAddress, "used">} address
 * @param {string} [replaced]
 */
export function saveAddress({ name, phone, region, street, email }, replaced = "") {
  const saved = { name, phone, region, street, email, used: Date.now() };
  const others = addresses().filter((one) => ![replaced, addressId(saved)].includes(addressId(one)));
  store([saved, ...others].slice(0, MOST));
}

/** @param {string} id */
export const forgetAddress = (id) => store(addresses().filter((one) => addressId(one) !== id));

export const forgetAddresses = () => store([]);

/**
 * Calls back when they change, here or in another tab.
 * @param {() => void} callback
 */
export function onAddresses(callback) {
  listeners.push(callback);
}

/** @param {SavedAddress[]} all */
function store(all) {
  if (all.length) setItem(NAME, all);
  else removeItem(NAME);
  tell();
}

function tell() {
  for (const callback of listeners) callback();
}

/** @param {any} one */
function isWhole(one) {
  if (one === null || typeof one !== "object" || !Array.isArray(one.region)) return false;
  const texts = [one.name, one.phone, one.street, one.email, ...one.region];
  return texts.every((text) => typeof text === "string") && Math.abs(Date.now() - one.used) < YEAR;
}

onOtherTab(NAME, tell);
if (getItem(NAME)) store(addresses()); // without those that nobody has used for a year
