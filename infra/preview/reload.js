// Loads a page of the preview anew once the content is another than when this page was sent (?at=).
const { pathname, searchParams } = new URL(import.meta.url);
const news = new EventSource(pathname.replace(/[^/]*$/, "news"));
news.onmessage = ({ data }) => {
  if (data !== searchParams.get("at")) window.location.reload();
};
