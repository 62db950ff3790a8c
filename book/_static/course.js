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
