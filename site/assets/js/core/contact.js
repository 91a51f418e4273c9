/** An e-mail address or a mobile number, typed into one field. The twin of chalicelib/domain/contact.py. */

import { isEmail, phone, tidyDigits, tidyEmail } from "./text.js";

/**
 * The contact in its one form; "" where it is none.
 * @param {string} text
 */
export function contact(text) {
  const [number, address] = [phone(text), tidyEmail(text)];
  if (number && !number.includes("-")) return number;
  return isEmail(address) ? address : "";
}

/**
 * What was meant by what is none.
 * @param {string} text
 * @returns {"email" | "phone" | "contact"}
 */
export function meant(text) {
  if (tidyEmail(text).includes("@")) return "email";
  return tidyDigits(text).replace(/\D/g, "").length >= 5 ? "phone" : "contact";
}
