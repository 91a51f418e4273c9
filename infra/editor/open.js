// Opens the editor with the names of fields in the reader's language, as Sveltia itself speaks it.
const lang = navigator.language.startsWith("zh") ? "zh" : "en";
document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
const response = await fetch(`config.${lang}.json`);
window.CMS.init({ config: await response.json() });
