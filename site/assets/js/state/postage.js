/** What the parcel costs, by province, and where it cannot go: the shop's own rule, so that no total surprises. */

/**
 * What it takes to send these lines to a province ("" while none is chosen), as {postage, refused}: fen, and the SKUs
 * that do not go there. They go in one parcel, so the dearest of them says what it costs.
 * @param {Shop} shop
 * @param {{sku: string}[]} lines
 * @param {string} province
 * @returns {{postage: number, refused: string[]}}
 */
export function parcel(shop, lines, province) {
  /** @type {string[]} */
  const refused = [];
  const costs = lines.map(({ sku }) => {
    const zone = zoneOf(zonesOf(shop, sku), province) || zoneOf(shop.zones, province);
    if (zone?.refused) refused.push(sku);
    return zone ? zone.postage || 0 : shop.postage;
  });
  return { postage: costs.length ? Math.max(...costs) : shop.postage, refused };
}

/**
 * Whether it matters to these lines which province they go to.
 * @param {Shop} shop
 * @param {{sku: string}[]} lines
 */
export const varies = (shop, lines) => shop.zones.length + lines.flatMap(({ sku }) => zonesOf(shop, sku)).length > 0;

/**
 * @param {Shop} shop
 * @param {string} sku
 */
const zonesOf = (shop, sku) => shop.packs.get(sku)?.zones ?? [];
/**
 * @param {Zone[]} zones
 * @param {string} province
 */
const zoneOf = (zones, province) => zones.find((zone) => zone.province === province);
