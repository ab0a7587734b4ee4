// Pausing and copying: the server keeps every state, this only saves the host's hands.
(() => {
  const paused = new Set();

  // A paused list asks for nothing; going on brings it up to date at once.
  document.addEventListener("htmx:config:request", (event) => {
    if (paused.has(event.target.id)) event.preventDefault();
  });
  for (const button of document.querySelectorAll("[data-pauses]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const name = button.dataset.pauses;
      const goesOn = paused.delete(name);
      if (!goesOn) paused.add(name);
      button.setAttribute("aria-pressed", String(!goesOn));
      if (goesOn) htmx.trigger(`#${name}`, "every");
    });
  }

  // What somebody has unfolded, or folded again, stays so when its part is fetched anew.
  document.addEventListener("DOMContentLoaded", () => htmx.registerExtension("unfolds", {
    htmx_before_morph_attr: (part, { attrName }) => !(attrName === "open" && part.matches("[data-unfolds]")),
  }));

  // Without a clipboard — a plain address in the local network has none — the link is selected instead.
  const offer = () => { for (const button of document.querySelectorAll("[data-copies][hidden]")) offerCopy(button); };
  const offerCopy = (button) => {
    button.hidden = false;
    const words = button.querySelector("span");
    const before = words.textContent;
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copies);
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
      } catch {
        if (!document.execCommand("copy")) return;
      }
      words.textContent = button.dataset.said;
      document.getElementById("live").textContent = button.dataset.said;
      setTimeout(() => { words.textContent = before; }, 2000);
    });
  };
  document.addEventListener("htmx:after:swap", offer);
  offer();
})();
