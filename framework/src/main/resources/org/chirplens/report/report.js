// Sorts a table by the column whose title is selected: largest first, then smallest first.
for (const table of document.querySelectorAll('table.sortable')) {
  const titles = [...table.tHead.rows[0].cells];
  titles.forEach((title, column) => title.firstElementChild.addEventListener('click', () => {
    const rising = title.getAttribute('aria-sort') === 'descending';
    titles.forEach(other => other.removeAttribute('aria-sort'));
    title.setAttribute('aria-sort', rising ? 'ascending' : 'descending');
    const value = row => Number(row.cells[column].dataset.value);
    const compare = (a, b) => value(a) === value(b) ? 0 : value(a) > value(b) ? 1 : -1;
    const rows = [...table.tBodies[0].rows].sort((a, b) => rising ? compare(a, b) : compare(b, a));
    table.tBodies[0].append(...rows);
  }));
}
