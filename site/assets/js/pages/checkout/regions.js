/** Province, city and district as three native selects, from the table that the shop checks addresses by. */

import { call } from "../../core/api.js";
import { part, say, show } from "../../core/page.js";
import "../../core/words-checkout.js";

const OTHER = "*";

/**
 * Fills the selects of `form` from the table at `url`; answers {provinces, value, choose}. Throws Away without one.
 * @param {CheckoutForm} form
 * @param {string} url
 * @returns {Promise<RegionChoice>}
 */
export async function regions(form, url) {
  /** @type {FileAnswer<{provinces: Provinces}>} */
  const { data } = await call(url);
  const { province, city, district, other } = form.elements;
  const cities = () => data.provinces[province.value] || {};

  function fillCities() {
    fill(city, Object.keys(cities()));
    if (city.options.length === 2) city.selectedIndex = 1;
    fillDistricts();
  }

  function fillDistricts() {
    const names = cities()[city.value] || [];
    fill(district, names, city.value ? OTHER : "");
    if (city.value && !names.length) district.value = OTHER;
    showOther();
  }

  const showOther = () => show(part("other", form), district.value === OTHER);

  fill(province, Object.keys(data.provinces));
  province.addEventListener("change", fillCities);
  city.addEventListener("change", fillDistricts);
  district.addEventListener("change", showOther);

  return {
    provinces: data.provinces,
    /** [province, city] or [province, city, district]; "" where nothing is chosen. */
    value() {
      const last = district.value === OTHER ? other.value.trim() : district.value;
      return [province.value, city.value, ...(last ? [last] : [])];
    },
    /** @param {Draft} kept */
    choose(kept) {
      province.value = kept.province || "";
      fillCities();
      city.value = kept.city || city.value;
      fillDistricts();
      district.value = kept.district || district.value;
      showOther();
    },
  };
}

/**
 * @param {HTMLSelectElement} select
 * @param {string[]} names
 * @param {string} [other]
 */
function fill(select, names, other = "") {
  select.length = 1; // the first says what is chosen here
  select.append(...names.map((name) => new Option(name, name)));
  if (other) select.append(new Option(say("checkout.other"), other));
  select.disabled = select.length === 1;
}
