// Loads a page of the preview anew once the content is another than when this page was sent (?at=).
const { pathname, searchParams } = new URL(import.meta.url);
const news = new EventSource(pathname.replace(/[^/]*$/, "news"));
news.onmessage = ({ data }) => {
  if (data !== searchParams.get("at")) window.location.reload();
};

// The ways on from a page of the preview: to the editor, and to publishing, which have the next port.
if (!location.pathname.includes("/live/") && !location.pathname.startsWith("/admin/")) {
  const ways = document.createElement("nav");
  ways.style.cssText = "position:fixed;z-index:99;left:8px;bottom:76px;display:flex;gap:4px;font:14px system-ui";
  for (const [path, words] of [["/admin/", "编辑 Edit"], ["/admin/publish/", "发布 Publish"]]) {
    const way = document.createElement("a");
    way.href = `http://${location.hostname}:${Number(location.port) + 1}${path}`;
    way.textContent = words;
    way.style.cssText = "padding:10px 12px;border-radius:20px;color:#fff;background:#a3342bdd;text-decoration:none";
    ways.append(way);
  }
  document.body.append(ways);
}
