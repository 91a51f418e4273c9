// Leads a newcomer on the editor's first page, and from the editor to preview and publishing.
const lang = navigator.language.startsWith("zh") ? "zh" : "en";
const guide = document.getElementById("guide");
guide.innerHTML = await (await fetch(`guide.${lang}.html`)).text();
guide.querySelector("[data-without-folders]").hidden = "showDirectoryPicker" in window;

const preview = new URL(location.origin);
preview.port = String(Number(location.port) - 1); // the preview is beside the editor
document.getElementById("preview").href = preview.href;
for (const [id, words] of Object.entries({ preview: ["预览", "Preview"], publish: ["发布", "Publish"] })) {
  document.getElementById(id).textContent = words[lang === "zh" ? 0 : 1];
}

// The editor's first page is there until a folder is open.
const look = () => {
  guide.hidden = Boolean(document.querySelector(".app-shell")) && !document.querySelector(".app-shell .powered-by");
  document.body.style.setProperty("--guide", `${guide.offsetHeight}px`); // the editor's button stands below it
};
new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
look();
