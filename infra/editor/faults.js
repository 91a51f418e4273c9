// Says at the foot of the editor what is to be mended in the content, and says it anew after each change.
const lang = navigator.language.startsWith("zh") ? "zh" : "en";
const say = {
  zh: { title: (count) => `需要修改 ${count} 处`, line: (line) => `第 ${line} 行`, page: "打开错误页" },
  en: { title: (count) => `${count} to fix`, line: (line) => `line ${line}`, page: "Open as a page" },
}[lang];

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
