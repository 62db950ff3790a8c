// A formula or a table wider than the page scrolls: let the keyboard reach it, as the theme does for code.
const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries)
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
});

addEventListener("load", async () => {
  await window.MathJax?.startup.promise;
  document
    .querySelectorAll("div.math mjx-container, .pst-scrollable-table-container")
    .forEach((wide) => watcher.observe(wide));
});

// Leitner's boxes: a card that was known moves on by a box, one that was not starts again, and a deck
// begins with the lowest boxes.  The browser keeps them; if it may not, the cards stay in order.
const stored = (write) => {
  try {
    if (write) localStorage.flashcards = JSON.stringify(write);
    return JSON.parse(localStorage.flashcards ?? "{}");
  } catch {
    return {};
  }
};

for (const deck of document.querySelectorAll(".flashcards")) {
  const cards = [...deck.children];
  for (const card of cards) {
    const { front } = card.dataset;
    const put = (box) => (card.dataset.box = box);
    const answer = (text, next) => {
      const button = document.createElement("button");
      button.textContent = text;
      button.addEventListener("click", () => {
        stored({ ...stored(), [front]: put(next(Number(card.dataset.box))) });
        card.open = false;
        (card.nextElementSibling ?? card).querySelector("summary").focus();
      });
      return button;
    };
    put(stored()[front] ?? 0);
    card.lastElementChild.append(answer("Again", () => 0), answer("I knew it", (box) => box + 1));
  }
  deck.append(...cards.sort((one, other) => one.dataset.box - other.dataset.box));
}

// Paper is white, whatever the screen is.
const root = document.documentElement;
let theme;
addEventListener("beforeprint", () => {
  theme = root.dataset.theme;
  root.dataset.theme = "light";
});
addEventListener("afterprint", () => {
  root.dataset.theme = theme;
});
