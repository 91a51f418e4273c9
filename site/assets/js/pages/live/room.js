/** A room's page: what is on now, and what its last shows had. Without an answer the page is whole as it is. */

import { call, unlessAway } from "../../core/api.js";
import { home, lang, moment, money, part, say, show, when, whileVisible, write } from "../../core/page.js";
import { catalog, nameOf } from "../../state/catalog.js";
import { phase, stockLine } from "../../state/stock.js";
import "../../core/words-common.js";
import "../../core/words-room.js";
import "../../state/scan.js";
import "../../widgets/shelf.js";

const box = part("onair");
const { room } = box.dataset;
/** @param {string} name */
const piece = (name) => part(`onair-${name}`, box);

/** @param {Room} news */
function paint({ show: on, showing }) {
  show(piece("off"), !(showing || on));
  show(piece("now"), Boolean(showing || on));
  write(piece("head"), say(on ? "room.live" : "room.pinned", on ? { time: when(on.since) } : {}));
  write(piece("name"), showing ? showing.name[lang] : say("room.nothing"));
  for (const name of ["price", "was", "basis", "stock", "drop", "buy"]) show(piece(name), Boolean(showing));
  if (!showing) return;
  const drop = showing.drop && phase(showing.drop) !== "over" ? showing.drop : null;
  const open = drop && phase(drop) === "open" ? drop : null;
  const now = open ?? showing;
  const was = open ? { price: showing.price, basis: null } : showing.was;
  write(piece("price"), money(now.price));
  write(piece("was"), was ? money(was.price) : "");
  write(piece("basis"), was ? say("room.was", { basis: was.basis ? was.basis[lang] : say("room.everyday") }) : "");
  const { sku, unit } = showing;
  const { text, mood } = stockLine(
    { [sku]: { left: now.left, batches: now.batches } },
    { sku, quantity: 1 },
    unit[lang],
  );
  write(piece("stock"), text);
  piece("stock").dataset.mood = mood;
  write(
    piece("drop"),
    drop
      ? say(open ? "room.drop" : "room.early", {
          price: money(drop.price),
          time: when(open ? drop.closes : drop.opens),
        })
      : "",
  );
  part("onair-buy", box).href = `${home}products/${showing.product}/#${showing.sku}`;
}

async function look() {
  try {
    /** @type {Answer<"room">} */
    const { status, data } = await call(`/api/rooms/${room}`);
    if (status !== 200) return 0;
    paint(data);
    return data.poll;
  } catch (error) {
    unlessAway(error);
    return 15;
  }
}

async function lastShows() {
  try {
    /** @type {Answer<"shows">} */
    const { status, data } = await call(`/api/rooms/${room}/shows`);
    const ended = status === 200 ? data.shows.filter(({ until }) => until) : [];
    if (!ended.length) return;
    const shop = await catalog();
    part("show-list").replaceChildren(
      ...ended.slice(0, 5).map(({ since, skus }) => {
        const row = document.createElement("li");
        const names = skus.map((sku) => nameOf(shop, sku)).join(say("common.comma"));
        row.textContent = say(names ? "room.had" : "room.had_none", { time: moment(since), names });
        return row;
      }),
    );
    show(part("shows"));
  } catch (error) {
    unlessAway(error);
  }
}

whileVisible(look);
lastShows();
