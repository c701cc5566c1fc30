const field = document.getElementById("filter");
const rows = [...document.querySelectorAll(".grid tbody tr")].map(row => [row, row.textContent.toLowerCase()]);
field.addEventListener("input", () => {
  const wanted = field.value.trim().toLowerCase();
  for (const [row, text] of rows) row.hidden = !text.includes(wanted);
  const shown = rows.filter(([row]) => !row.hidden).length;
  document.getElementById("shown").textContent = `${shown} of ${rows.length}`;
});
