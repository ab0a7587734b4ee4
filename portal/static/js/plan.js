// Choosing and dragging: a tick is a tick of the form and a drop a press of the button; the server keeps every state.
(() => {
  const plan = () => document.getElementById("plan");
  const ticks = (household) => [...plan().querySelectorAll(`[name=place]${household ? `[data-household="${household}"]` : ""}`)];
  const picked = () => htmx.trigger(plan(), "picked", {}, false);

  // A household's box ticks everybody of it, and shows whether all are.
  const sync = () => {
    for (const box of plan()?.querySelectorAll("[name=household]") ?? []) {
      const theirs = box.closest(".one-household").querySelectorAll("[name=place]");
      box.checked = [...theirs].every((tick) => tick.checked);
    }
  };
  document.addEventListener("change", ({ target }) => {
    if (target.name === "household") {
      for (const tick of target.closest(".one-household").querySelectorAll("[name=place]")) tick.checked = target.checked;
    }
    if (target.name === "household" || target.name === "place") {
      sync();
      picked();
    }
  });
  document.addEventListener("htmx:after:swap", sync);

  // On a slow line somebody ticks before this has come: they are chosen as soon as htmx listens.
  const isChanged = (box) => box.checked !== box.defaultChecked;
  for (const box of plan().querySelectorAll("[name=household]")) {
    if (isChanged(box)) for (const tick of ticks(box.value)) tick.checked = box.checked;
  }
  document.addEventListener("DOMContentLoaded", () => setTimeout(() => { if (ticks().some(isChanged)) picked(); }));

  // What is said about a refusal stays until somebody does something: no news takes it away.
  document.addEventListener("htmx:config:request", (event) => {
    const ctx = event.detail.ctx;
    if (ctx.sourceElement.id === "plan" && ctx.sourceEvent?.type !== "picked" && document.getElementById("conflict")) event.preventDefault();
  });

  // Dragging somebody chooses them; dropping presses what is under them.
  document.addEventListener("dragstart", (event) => {
    const person = event.target.closest?.("[data-person]");
    const tick = person && document.getElementById(`place-${person.dataset.person}`);
    if (!tick) return;
    event.dataTransfer.setData("text/plain", person.textContent.trim());
    event.dataTransfer.effectAllowed = "move";
    if (tick.checked) return;
    for (const other of ticks()) other.checked = other === tick;
    sync();
    picked();
  });
  const under = (event) => event.target.closest?.("[data-drop]");
  document.addEventListener("dragover", (event) => {
    const goal = under(event);
    for (const old of document.querySelectorAll(".over")) if (old !== goal) old.classList.remove("over");
    if (!goal) return;
    event.preventDefault();
    goal.classList.add("over");
  });
  document.addEventListener("drop", (event) => {
    const goal = under(event);
    if (!goal) return;
    event.preventDefault();
    goal.classList.remove("over");
    const button = document.getElementById(goal.dataset.drop);
    document.getElementById("move").requestSubmit(button);
  });
  document.addEventListener("dragend", () => { for (const old of document.querySelectorAll(".over")) old.classList.remove("over"); });
})();
