// Pixels and focus only: the server keeps every state.
(() => {
  const unsaved = document.getElementById("unsaved");
  let again = null;

  // A lost network or a server in trouble: keep the page as it is, say so, and try again.
  const notSaved = (event) => {
    const source = event.detail?.ctx?.sourceElement;
    if (!source || source.hasAttribute("hx-get")) return;
    again = source;
    unsaved.hidden = false;
  };
  document.addEventListener("htmx:error", notSaved);
  document.addEventListener("htmx:response:error", (event) => {
    if (event.detail?.ctx?.response?.status >= 500) notSaved(event);
  });
  document.addEventListener("htmx:after:swap", () => { unsaved.hidden = true; });
  document.getElementById("try-again").addEventListener("click", () => {
    unsaved.hidden = true;
    if (again?.isConnected && again.requestSubmit) again.requestSubmit();
    else location.reload();
  });
  addEventListener("online", () => { if (!unsaved.hidden) document.getElementById("try-again").click(); });

  // The system's own share sheet and print button, where there are any.
  document.addEventListener("click", (event) => {
    const share = event.target.closest("[data-share]");
    if (share && navigator.share) {
      event.preventDefault();
      navigator.share({ title: share.dataset.title, url: share.dataset.share }).catch(() => {});
    }
    if (event.target.closest("[data-print]")) print();
  });
  for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;

  // How long a held seat stays: the server says until when, this only counts down.
  const tick = () => {
    for (const clock of document.querySelectorAll("[data-until]")) {
      const left = Math.max(0, Math.round((Date.parse(clock.dataset.until) - Date.now()) / 1000));
      clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    }
  };
  tick();
  setInterval(tick, 1000);
})();
