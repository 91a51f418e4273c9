// Says at the foot of the editor what is to be mended in the content, and says it anew after each change.
const lang = navigator.language.startsWith("zh") ? "zh" : "en";
const say = {
  zh: { title: (count) => `需要修改 ${count} 处`, line: (line) => `第 ${line} 行`, page: "打开错误页" },
  en: { title: (count) => `${count} to fix`, line: (line) => `line ${line}`, page: "Open as a page" },
}[lang];
const style = document.createElement("style");
style.textContent = `
  .faults { position: fixed; left: 0; bottom: 0; z-index: 99; max-width: min(40rem, 100vw); overflow-wrap: anywhere;
    font: 15px/1.5 system-ui, sans-serif; color: #fff; background: #b3261e; border-radius: 0 8px 0 0 }
  .faults[hidden] { display: none }
  .faults summary { padding: .5rem 1rem; cursor: pointer; font-weight: 600 }
  .faults div { max-height: 50vh; overflow: auto; padding: 0 1rem .75rem; color: #222; background: #fff }
  .faults p { margin: 0; padding: .5rem 0; border-bottom: 1px solid #ddd }
  .faults code { display: block; font-size: .85em; color: #666 }
  .faults a { display: block; padding-top: .5rem; color: #174ea6 }`;
document.head.append(style);

const box = document.createElement("details");
const title = document.createElement("summary");
const list = document.createElement("div");
box.className = "faults";
box.hidden = true;
box.append(title, list);
document.body.append(box);

const row = ({ file, line, what, remedy }) => {
  const place = document.createElement("code");
  place.textContent = `${file} · ${say.line(line)}`;
  const words = document.createElement("p");
  words.append(place, `${what[lang]}${lang === "zh" ? "：" : ": "}${remedy[lang]}`);
  return words;
};

const show = async () => {
  const { faults } = await (await fetch("faults/faults.json")).json();
  const page = document.createElement("a");
  page.href = "faults/";
  page.target = "_blank";
  page.textContent = say.page;
  title.textContent = say.title(faults.length);
  list.replaceChildren(...faults.map(row), page);
  box.hidden = faults.length === 0;
};

new EventSource("faults/news").onmessage = show;
