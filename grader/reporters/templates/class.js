"use strict";
// Sorting, filters and paging. Without it the page is whole, and long.
(() => {
  const PAGE_ROWS = 100;
  const MOST_PRINTED_ROWS = 2000;
  const table = document.querySelector("table.students");
  const body = table.tBodies[0];
  const exercises = table.dataset.exercises ? table.dataset.exercises.split(" ") : [];
  const order = new Intl.Collator("en", { numeric: true });
  const form = document.querySelector("form.filters");
  const shown = document.querySelector(".shown");
  const [previous, next] = document.querySelectorAll(".pager button");

  // Rows are kept here; only those of one page are in the document.
  const students = Array.from(body.rows, (row, position) => ({
    row,
    position,
    name: row.cells[0].textContent,
    sought: row.cells[0].textContent.toLowerCase(),
    score: row.cells[1].textContent === "–" ? NaN : Number(row.cells[1].textContent),
    share: row.dataset.t === undefined ? NaN : Number(row.dataset.t),
    shares: row.dataset.s === undefined ? [] : row.dataset.s.split(" ").map((text) => (text === "-" ? NaN : Number(text))),
    findings: new Set(row.dataset.f === undefined ? [] : row.dataset.f.split(" ")),
    isRun: row.dataset.r !== undefined,
    isDecorated: false,
  }));
  const lost = (student) => student.shares.filter((share) => share < 100).length;
  const keys = [(s) => s.name, (s) => s.score, null, lost];
  const state = { first: 0, column: 0, descending: false, isSelected: null };
  let found = students;

  function matches(student) {
    const { name, exercise, finding, status } = form.elements;
    if (name.value && !student.sought.includes(name.value.toLowerCase())) return false;
    if (exercise.value && !(student.shares[exercise.value] < 100)) return false;
    if (finding.value && !student.findings.has(finding.value)) return false;
    if (status.value === "full" && student.share !== 100) return false;
    if (status.value === "lost" && !(student.share < 100)) return false;
    if (status.value === "run" && !student.isRun) return false;
    return !state.isSelected || state.isSelected(student.share);
  }

  function compare(one, other) {
    const key = keys[state.column];
    const [a, b] = [key(one), key(other)];
    if (typeof a === "string") return order.compare(a, b) * (state.descending ? -1 : 1) || one.position - other.position;
    if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) - Number.isNaN(b) || one.position - other.position;
    return (state.descending ? b - a : a - b) || one.position - other.position;
  }

  // A small picture of the student's exercises; the words beside it say the same.
  function decorated(student) {
    if (!student.isDecorated) {
      const cell = document.createElement("td");
      cell.className = "strip";
      cell.setAttribute("aria-hidden", "true");
      student.shares.forEach((share, i) => {
        const box = document.createElement("i");
        box.className = Number.isNaN(share) ? "" : share >= 100 ? "full" : share > 0 ? "part" : "none";
        box.title = `${exercises[i]}: ${Number.isNaN(share) ? "no score" : `${share} %`}`;
        cell.append(box);
      });
      student.row.insertBefore(cell, student.row.cells[3]);
      student.isDecorated = true;
    }
    return student.row;
  }

  function show(count = PAGE_ROWS) {
    const page = found.slice(state.first, state.first + count);
    body.replaceChildren(...page.map(decorated));
    const all = found.length === students.length ? "" : ` (${students.length} in all)`;
    const rows = page.length < found.length ? `${state.first + 1}–${state.first + page.length} of ${found.length}` : `${found.length}`;
    shown.textContent = `${rows} student${found.length === 1 ? "" : "s"}${all}`;
    previous.disabled = state.first === 0;
    next.disabled = state.first + page.length >= found.length;
    previous.parentElement.hidden = previous.disabled && next.disabled;
  }

  function update() {
    found = students.filter(matches).sort(compare);
    state.first = 0;
    show();
  }

  function only(name, value) {
    form.reset();
    form.elements[name].value = value;
    update();
    document.getElementById("students").scrollIntoView();
    form.elements[name].focus({ preventScroll: true });
  }

  // Headings with data-sort get a button. sort: called with column and direction.
  function sortable(of, sort) {
    Array.from(of.tHead.rows[0].cells).forEach((heading, column, all) => {
      if (!heading.dataset.sort) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => {
        const before = heading.getAttribute("aria-sort");
        const descending = before ? before === "ascending" : heading.dataset.sort === "number";
        all.forEach((other) => other.removeAttribute("aria-sort"));
        heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
        sort(column, descending);
      });
    });
  }

  document.querySelectorAll("table.sortable").forEach((small) => {
    sortable(small, (column, descending) => {
      const key = (row) => row.cells[column].dataset.k ?? row.cells[column].textContent.trim();
      const isNumber = small.tHead.rows[0].cells[column].dataset.sort === "number";
      const compare = (a, b) => (isNumber ? key(a) - key(b) : order.compare(key(a), key(b)));
      const rows = Array.from(small.tBodies[0].rows).sort((a, b) => (descending ? compare(b, a) : compare(a, b)));
      small.tBodies[0].append(...rows);
    });
  });

  const heading = document.createElement("th");
  heading.scope = "col";
  heading.textContent = "By exercise";
  const headings = table.tHead.rows[0];
  headings.insertBefore(heading, headings.cells[3]);
  keys.splice(3, 0, null);
  sortable(table, (column, descending) => {
    Object.assign(state, { column, descending });
    update();
  });
  headings.cells[0].setAttribute("aria-sort", "ascending");

  document.querySelectorAll("button[data-only]").forEach((button) => {
    const [name, value] = button.dataset.only.split("=");
    button.addEventListener("click", () => only(name, value));
  });
  form.addEventListener("input", update);
  form.addEventListener("reset", () => setTimeout(update));
  form.addEventListener("submit", (event) => event.preventDefault());
  [previous, next].forEach((button, i) =>
    button.addEventListener("click", () => {
      state.first = Math.max(0, state.first + (i ? PAGE_ROWS : -PAGE_ROWS));
      show();
      table.scrollIntoView();
    }),
  );
  form.querySelector("button.save").addEventListener("click", () => {
    const cell = (text) => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
    const names = (student) => exercises.filter((_, i) => student.shares[i] < 100).join(" ");
    const lines = found.map((s) => [cell(s.name), Number.isNaN(s.score) ? "" : s.score, cell(names(s))].join(","));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([["student,score,lost", ...lines, ""].join("\n")], { type: "text/csv" }));
    link.download = "students.csv";
    link.click();
  });
  window.addEventListener("beforeprint", () => found.length <= MOST_PRINTED_ROWS && show(MOST_PRINTED_ROWS));
  window.addEventListener("afterprint", () => show());

  document.querySelectorAll(".script").forEach((element) => (element.hidden = false));
  update();
  table.classList.remove("many");
  window.classTable = {
    students,
    exercises,
    select(isSelected) {
      state.isSelected = isSelected;
      update();
    },
  };
})();
