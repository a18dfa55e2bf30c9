// Draws the charts from the rows of the table, and shows in the table whom the brush selects.
(() => {
  const BIN = 5; // percent, as in dashboard.py
  const { students, exercises, select } = window.classTable;
  const place = document.getElementById("charts");
  const spec = JSON.parse(document.getElementById("spec").textContent);
  const low = (share) => BIN * Math.floor(Math.min(share, 99) / BIN);

  function counted() {
    const scores = new Map();
    const cells = new Map();
    for (const student of students) {
      if (Number.isNaN(student.share)) continue;
      const start = low(student.share);
      const bin = scores.get(start) ?? { middle: start + BIN / 2, range: `${start}–${start + BIN} %`, students: 0 };
      bin.students += 1;
      scores.set(start, bin);
      student.shares.forEach((share, i) => {
        if (Number.isNaN(share)) return;
        const key = `${start} ${i}`;
        const cell = cells.get(key) ?? { middle: bin.middle, exercise: exercises[i], total: 0, students: 0 };
        cell.total += share;
        cell.students += 1;
        cells.set(key, cell);
      });
    }
    return { scores: [...scores.values()], cells: [...cells.values()] };
  }

  spec.datasets = counted();
  vegaEmbed(place, spec, { actions: false, ast: true, renderer: "svg" }).then(({ view }) => {
    document.querySelector(".columns").classList.add("drawn"); // the same distribution; on paper it is back
    // The tables and filters of the page say and do the same, for screen readers and keyboards as well.
    place.querySelector("svg").setAttribute("aria-hidden", "true");
    let pending;
    view.addSignalListener("brush", (_, value) => {
      const range = Object.values(value)[0];
      clearTimeout(pending);
      pending = setTimeout(() => select(range ? (share) => isWithin(low(share) + BIN / 2, range) : null), 150);
    });
  });

  function isWithin(middle, [from, to]) {
    return middle >= from && middle <= to;
  }
})();
