// A stream tells the page what changes; without one it asks every five seconds. No part with unsaved input is replaced.
(() => {
  const POLL = 5000, AGAIN = 60000, SILENT = 45000;
  let line = null, flows = false, heard = 0, asked = Date.now();

  document.addEventListener("htmx:sse:before:connection", ({ detail }) => { line = detail.connection; flows = false; });
  document.addEventListener("htmx:sse:after:connection", () => { flows = true; heard = Date.now(); });
  document.addEventListener("htmx:sse:before:message", () => { heard = Date.now(); });
  for (const end of ["error", "close"]) document.addEventListener(`htmx:sse:${end}`, () => { flows = false; });

  // htmx may have begun before its extension was there, and passed the holder of the stream by.
  const holders = () => document.querySelectorAll("[id^=stream]");
  document.addEventListener("DOMContentLoaded", () => setTimeout(() => {
    for (const holder of holders()) if (!("htmxPowered" in holder.dataset)) htmx.process(holder);
  }));

  // A line that has gone silent is dead, whatever the phone thinks; it is opened again, and catches up by itself.
  const reopen = () => { line?.reader?.cancel(); line?.delayCanceller?.(); };
  addEventListener("online", reopen);

  // A refused stream is not tried again by itself; now and then there may be room for it.
  setInterval(() => {
    if (document.hidden) return;
    if (flows && Date.now() - heard > SILENT) reopen();
    if (flows) return;
    htmx.trigger(document, "poll");
    if (Date.now() - asked < AGAIN) return;
    asked = Date.now();
    for (const holder of holders()) htmx.trigger(holder, "again", {}, false);
  }, POLL);

  // What is theirs has changed. If the page has it already, it did that itself; if somebody is in the middle of
  // something, or is being told what was refused, their part stays as it is, and only a map is fetched.
  const isBusy = (part) => part.querySelector("#conflict, #lost, #request-refused") || [...part.querySelectorAll("input, select, textarea")].some(
    (field) => (field.checked ?? false) !== (field.defaultChecked ?? false) || (field.type !== "hidden" && "defaultValue" in field && field.value !== field.defaultValue));
  addEventListener("ours", (event) => {
    const part = document.querySelector("[data-mark]");
    if (part?.dataset.mark === event.detail.data.trim()) event.stopPropagation();
    else if (part && isBusy(part)) {
      event.stopPropagation();
      htmx.trigger(document, "stale");
    }
  }, true);
  addEventListener("poll", (event) => {
    const part = document.querySelector("[data-mark][hx-trigger*=poll]");
    if (part && isBusy(part)) event.stopPropagation();
  }, true);
})();
