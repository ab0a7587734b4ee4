// A new event is most likely where its host sits: a suggestion, only where nothing stands yet.
(() => {
  const field = document.querySelector("[data-guess=here]");
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (field && !field.value && [...document.querySelectorAll("#zones option")].some((zone) => zone.value === here)) {
    field.value = here;
  }
})();
