/**
 * Follows an answer of the shop that changes all the time, for screens that must not fall behind: asked again and again,
 * also while an earlier ask hangs, so that a network that comes back is noticed at once.
 */

const MOST = 8; // asks that may be under way: the oldest is given up for the next

/**
 * Asks for `path` each `every` milliseconds (while the page is in view, if `seen`), and tells `heard` each newer answer
 * by its `now`. `refused` is told an answer's status that is no 200, `silent` how many seconds ago the last answer came.
 * Answers {stop, look}, the second of which asks at once.
 * @template {{now: string}} News
 * @param {string} path
 * @param {{every: number, seen?: boolean, heard: (news: News) => void, refused?: (status: number) => void, silent?: (seconds: number) => void}} options
 * @returns {{stop(): void, look(): Promise<void>}}
 */
export function follow(path, { every, seen = false, heard, refused = () => {}, silent = () => {} }) {
  let newest = "";
  let last = Date.now();
  /** @type {Set<AbortController>} */
  const under = new Set();

  async function look() {
    if (seen && document.visibilityState !== "visible") return;
    if (under.size >= MOST) [...under][0].abort();
    const ask = new AbortController();
    under.add(ask);
    try {
      const answer = await fetch(path, { cache: "no-store", signal: ask.signal });
      const news = answer.status === 200 ? await answer.json() : null;
      if (news === null) {
        refused(answer.status);
      } else {
        last = Date.now();
        silent(0);
        if (news.now > newest) {
          newest = news.now;
          heard(news);
        }
      }
    } catch {
      // The next ask is on its way already.
    } finally {
      under.delete(ask);
    }
  }

  const clock = window.setInterval(() => {
    silent(Math.floor((Date.now() - last) / 1000));
    look();
  }, every);
  const back = () => look();
  window.addEventListener("online", back);
  document.addEventListener("visibilitychange", back);
  look();
  return {
    look,
    stop() {
      window.clearInterval(clock);
      window.removeEventListener("online", back);
      document.removeEventListener("visibilitychange", back);
      for (const ask of under) ask.abort();
    },
  };
}

/**
 * The shop's own clock, whatever this machine's says: `hear` takes the `now` of an answer, `now` gives milliseconds. An
 * answer is always a little old, so of several the latest clock is the right one, unless this machine's was set anew.
 */
export function shopClock() {
  const AGREES = 5000;
  /** @type {number | null} */
  let ahead = null;
  return {
    /** @param {string} iso */
    hear(iso) {
      const heard = Date.parse(iso) - Date.now();
      ahead = ahead === null || Math.abs(heard - ahead) > AGREES ? heard : Math.max(ahead, heard);
    },
    now: () => Date.now() + (ahead || 0),
  };
}
