// The floor plan under a finger or under the arrow keys: what moves is shown at once, and saved by the same form as without.
(() => {
  const GRID = 5, STEP = 10, FAR = 50, REST = 400, LIFTS = 4;
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  let lifted = null, moved = null, timer = 0, sending = false, dropped = 0;

  const editor = () => document.getElementById("editor");
  const named = (id) => document.getElementById(id);
  const place = (thing, x, y) => {
    thing.dataset.x = x;
    thing.dataset.y = y;
    thing.setAttribute("transform", `translate(${x} ${y})`);
  };
  const snapped = (thing, x, y) => {
    const floor = named("floor");
    const box = thing.querySelector(".fx");
    const [near, right, below] = box ? [0, 358 - box.width.baseVal.value, 0] : [37, 321, 37];
    const within = (value, least, most) => Math.max(Math.ceil(least / GRID) * GRID, Math.min(Math.floor(most / GRID) * GRID, Math.round(value / GRID) * GRID));
    return [within(x, near, right), within(y, Math.max(+floor.dataset.top, 0) + below, +floor.dataset.bottom - 10)];
  };

  // One change at a time: each names the version the last one made.
  const send = () => {
    clearTimeout(timer);
    if (!moved || sending) return;
    const typed = named("about");
    const form = typed?.dataset.typed ? typed : named("drag");
    sending = true;
    if (form === typed) delete typed.dataset.typed;
    else {
      form.elements.table.value = moved.kind === "table" ? moved.number : "";
      form.elements.landmark.value = moved.kind === "landmark" ? moved.number : "";
      form.elements.x.value = moved.x;
      form.elements.y.value = moved.y;
      moved = null;
    }
    form.requestSubmit();
  };
  const later = (thing, wait) => {
    moved = { id: thing.id, kind: thing.dataset.moves, number: thing.dataset.number, x: thing.dataset.x, y: thing.dataset.y };
    clearTimeout(timer);
    timer = setTimeout(send, wait);
  };
  document.addEventListener("htmx:after:swap", () => {
    sending = false;
    const thing = moved && named(moved.id);
    if (named("refused")) moved = null;
    else if (thing) { place(thing, moved.x, moved.y); send(); }
  });
  document.addEventListener("htmx:error", () => { sending = false; });
  document.addEventListener("input", (event) => {
    const form = event.target.closest("#about");
    if (form) form.dataset.typed = "1";
  });

  const point = (event) => {
    const floor = named("floor");
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(floor.getScreenCTM().inverse());
    return [at.x, at.y];
  };
  document.addEventListener("pointerdown", (event) => {
    const thing = event.target.closest("[data-moves]");
    if (!thing || event.button !== 0) return;
    const [x, y] = point(event);
    lifted = { thing, x, y, from: [+thing.dataset.x, +thing.dataset.y], at: [event.clientX, event.clientY], far: false, pointer: event.pointerId };
  });
  document.addEventListener("pointermove", (event) => {
    if (!lifted || event.pointerId !== lifted.pointer) return;
    const { thing, from, at } = lifted;
    if (!lifted.far && Math.hypot(event.clientX - at[0], event.clientY - at[1]) < LIFTS) return;
    if (!lifted.far) thing.setPointerCapture(event.pointerId);
    lifted.far = true;
    thing.classList.add("lifted");
    const [x, y] = point(event);
    place(thing, ...snapped(thing, from[0] + x - lifted.x, from[1] + y - lifted.y));
  });
  const drop = (event) => {
    if (!lifted || event.pointerId !== lifted.pointer) return;
    const { thing, far, from } = lifted;
    lifted = null;
    thing.classList.remove("lifted");
    if (!far) return;
    dropped = Date.now();
    if (event.type === "pointercancel") place(thing, ...from);
    else later(thing, 0);
  };
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", drop);
  document.addEventListener("dragstart", (event) => { if (event.target.closest?.("[data-moves]")) event.preventDefault(); });
  // A drag ends with a click on the link that was dragged, which leads nowhere then.
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-moves]") && Date.now() - dropped < 300) event.preventDefault();
  }, true);

  document.addEventListener("keydown", (event) => {
    const thing = event.target.closest?.("[data-moves]");
    const way = ARROWS[event.key];
    if (!thing || !way || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const far = event.shiftKey ? FAR : STEP;
    place(thing, ...snapped(thing, +thing.dataset.x + way[0] * far, +thing.dataset.y + way[1] * far));
    later(thing, REST);
  });

  // Undo and redo where hands expect them, unless they are writing.
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z" || event.target.matches("input, textarea, select")) return;
    const button = named(event.shiftKey ? "redo" : "undo");
    if (!editor() || !button || button.disabled || sending) return;
    event.preventDefault();
    button.click();
  });
})();
