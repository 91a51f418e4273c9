// Keeps the publishing page as the server has it: buttons post, and while something is done the page asks how far it is.
const AGAIN = 400; // milliseconds between two questions while something is done

const address = (name) => {
  const asked = new URL(name, document.baseURI);
  asked.searchParams.set("stage", document.querySelector("main").dataset.stage);
  return asked;
};

async function refresh() {
  const answer = await fetch(address("."), { cache: "no-store" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.querySelector("main").replaceWith(document.adoptNode(page.querySelector("main")));
}

async function follow() {
  await refresh();
  while (document.querySelector("main").dataset.busy) {
    await new Promise((done) => setTimeout(done, AGAIN));
    await refresh();
  }
}

async function act(name, release) {
  const body = JSON.stringify({ release: release ?? "" });
  const answer = await fetch(address(name), { method: "POST", headers: { "Content-Type": "application/json" }, body });
  if (!answer.ok && answer.status !== 409) throw new Error(`${name}: ${answer.status}`); // 409: it is being done already
  await follow();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act]");
  if (!button) return;
  for (const one of document.querySelectorAll("button")) one.disabled = true;
  void act(button.dataset.act, button.dataset.release);
});
if (document.querySelector("main").dataset.fresh) void act("look");
else void follow();
