// Pixels and focus only: the server keeps every state.
(() => {
  const unsaved = document.getElementById("unsaved");
  const words = unsaved.querySelector("p");
  const keepTrying = words.textContent;
  let again = null;

  // What is swapped nowhere is nobody's concern: a first touch that is noted ends no matter and begins none.
  const isChange = (ctx) => ctx?.sourceElement?.matches(":not([hx-get], [hx-swap=none])");
  const isLeft = (status) => status >= 500 || htmx.config.noSwap.includes(status);
  // A link that was withdrawn while its page was open: the page itself says what to do.
  const isGone = ({ sourceElement, response }) => sourceElement.matches("[hx-get]")
    && sourceElement.closest("#invitation, #seating") && [404, 410].includes(response.status);
  const show = (text) => { words.textContent = text; unsaved.hidden = false; };

  // A lost network or a server in trouble: keep the page as it is, say so, and try the same again.
  const notSaved = ({ ctx }) => {
    if (!isChange(ctx)) return;
    again = { form: ctx.sourceElement, button: ctx.sourceEvent?.submitter };
    show(keepTrying);
  };
  const tryAgain = () => {
    const { form, button } = again ?? {};
    const pressed = button?.isConnected ? button : document.getElementById(button?.id);
    unsaved.hidden = true;
    again = null;
    if (form?.isConnected && (!button || pressed?.form === form)) form.requestSubmit(pressed);
    else location.reload();
  };
  document.addEventListener("htmx:error", (event) => notSaved(event.detail));
  document.addEventListener("htmx:response:error", ({ detail }) => {
    const status = detail.ctx.response.status;
    if (status >= 500) notSaved(detail);
    else if (isGone(detail.ctx)) location.reload();
    else if (isChange(detail.ctx) && isLeft(status)) {
      const note = new DOMParser().parseFromString(detail.ctx.text, "text/html").querySelector(".note");
      show([...(note?.children ?? [])].map((line) => line.textContent.trim()).join(". ") || keepTrying);
    }
  });
  // A change that went through ends the matter; a look that went through means the network is back.
  document.addEventListener("htmx:after:swap", ({ detail }) => {
    if (isLeft(detail.ctx.response.status)) return;
    if (isChange(detail.ctx)) unsaved.hidden = true;
    else if (again && detail.ctx.sourceElement.hasAttribute("hx-get")) tryAgain();
  });
  document.getElementById("try-again").addEventListener("click", tryAgain);
  addEventListener("online", () => { if (again) tryAgain(); });

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

  // How long a held seat stays: the server says until when, and what time it is; this only counts down.
  const told = new Set();
  const once = (key, tell) => { if (!told.has(key)) { told.add(key); tell(); } };
  const ahead = new WeakMap();
  const tick = () => {
    for (const clock of document.querySelectorAll("[data-until]")) {
      const { until, now, counts, soon, warning } = clock.dataset;
      if (!ahead.has(clock)) ahead.set(clock, Date.now() - Date.parse(now));
      const left = Math.max(0, Math.round((Date.parse(until) - Date.now() + ahead.get(clock)) / 1000));
      const bold = document.createElement("b");
      bold.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      const [before, after] = (left > 60 ? counts : soon).split("{left}");
      clock.replaceChildren(before, bold, after);
      clock.closest(".timer").classList.toggle("soon", left <= 60);
      if (left <= 60) once(`${until} soon`, () => { document.getElementById("live").textContent = warning; });
      if (left === 0) once(until, () => document.dispatchEvent(new Event("ran-out")));
    }
  };
  document.addEventListener("htmx:after:swap", tick);
  tick();
  setInterval(tick, 1000);
})();
