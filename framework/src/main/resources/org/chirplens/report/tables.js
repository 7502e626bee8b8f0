// Sorts a table by the column whose title is selected: largest first, then smallest first; what is no number comes last.
for (const table of document.querySelectorAll('table.sortable')) {
  const titles = [...table.tHead.rows[0].cells];
  titles.forEach((title, column) => title.firstElementChild.addEventListener('click', () => {
    const rising = title.getAttribute('aria-sort') === 'descending';
    titles.forEach(other => other.removeAttribute('aria-sort'));
    title.setAttribute('aria-sort', rising ? 'ascending' : 'descending');
    const value = row => Number(row.cells[column].dataset.value);
    const compare = (a, b) => a === b ? 0 : Number.isNaN(a) || Number.isNaN(b) ? Number.isNaN(a) - Number.isNaN(b)
      : (a > b) === rising ? 1 : -1;
    const rows = [...table.tBodies[0].rows].sort((a, b) => compare(value(a), value(b)));
    table.tBodies[0].append(...rows);
  }));
}

// Keeps the rows that have every word of a filter. A word that ends in a number must be met whole, so that layer 1 is not
// layer 10; of others the beginning is enough.
for (const filter of document.querySelectorAll('input.filter')) {
  const tools = filter.closest('.tools');
  const rows = [...tools.parentElement.querySelector('tbody').rows];
  filter.addEventListener('input', () => {
    const wanted = filter.value.toLowerCase().replace(/(layer|head)\s+(?=\d)/g, '$1').split(/[\s,]+/).filter(Boolean);
    const has = (row, word) => row.dataset.words.split(' ')
      .some(own => /\d$/.test(word) ? own === word : own.startsWith(word));
    rows.forEach(row => { row.hidden = !wanted.every(word => has(row, word)); });
    const shown = rows.filter(row => !row.hidden).length;
    tools.querySelector('.shown').textContent = wanted.length === 0 ? '' : `${shown} of ${rows.length} heads`;
  });
}
