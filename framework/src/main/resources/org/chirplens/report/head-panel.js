// What is known of one head: its effect under every protocol, and where its attention goes.

/** A line from low to high with a dot at the value, on a scale from one number to another; marks are further places. */
function whisker({ low, value, high }, from, to, marks = {}) {
  const place = number => `${Math.max(0, Math.min(100, 100 * (number - from) / (to - from)))}%`;
  const track = element('div', { class: 'whisker', 'aria-hidden': 'true' });
  const add = (name, number) => {
    const node = element('span', { class: name });
    node.style.left = place(number);
    track.append(node);
    return node;
  };
  Object.entries(marks).forEach(([name, number]) => add(name, number));
  if (low !== null && high !== null) {
    add('span', low).style.width = `calc(${place(high)} - ${place(low)})`;
  }
  if (value !== null) {
    add('dot', value);
  }
  return track;
}

/** Rows of effects on one scale; a row has a title, a protocol's name or a target's, and its effect. */
function effectTable(caption, titles, rows) {
  const numbers = rows.flatMap(row => [row.effect.low, row.effect.value, row.effect.high, 0]).filter(n => n !== null);
  const from = Math.min(...numbers);
  const to = Math.max(...numbers, from + 1e-9);
  const cells = row => {
    const { increase, interval, p, verdict } = row.effect;
    return element('tr', {},
      ...row.titles.map(title => element('th', { scope: 'row', class: 'text' }, title)),
      element('td', {}, increase, element('br'), element('span', { class: 'quiet' }, interval)),
      element('td', { class: 'line' }, whisker(row.effect, from, to, { zero: 0 })),
      element('td', {}, p),
      element('td', { class: 'text' }, element('span', { class: `verdict ${verdict}` }, verdict)));
  };
  const heads = [...titles, 'Loss increase', '', 'Adjusted p', 'Verdict'];
  return element('div', { class: 'scroll' }, element('table', { class: 'effects' },
    element('caption', {}, caption),
    element('thead', {}, element('tr', {}, ...heads.map((head, i) => head === ''
      ? element('td') : element('th', { scope: 'col', class: titles.includes(head) || head === 'Verdict' ? 'text' : '' }, head)))),
    element('tbody', {}, ...rows.map(cells))));
}

/** The effects of a head: on all targets under every protocol, then target by target. */
function effectTables(data, head) {
  if (data.protocols.length === 0) {
    return [];
  }
  const code = name => element('code', {}, name);
  const pooled = data.protocols.map(protocol => ({
    titles: [code(protocol.name)],
    effect: protocol.targets[0].heads[head]
  }));
  const tables = [effectTable('What the loss does without this head, with 95 % intervals', ['Protocol'], pooled)];
  if (data.targets.length > 2) {
    const byTarget = data.protocols.flatMap(protocol => data.targets.slice(1).map((target, t) => ({
      titles: [code(protocol.name), target],
      effect: protocol.targets[t + 1].heads[head]
    })));
    tables.push(element('details', {}, element('summary', {}, 'By target'),
      effectTable('What the loss of each target does without this head', ['Protocol', 'Target'], byTarget)));
  }
  return tables;
}

/** Where a head's attention goes, beside what even attention would give. */
function profileBars(profile) {
  const to = Math.max(...profile.parts.flatMap(part => [part.value, part.high, part.area])) || 1;
  const rows = profile.parts.map(part => {
    const bar = element('span', { class: 'share' });
    bar.style.width = `${100 * part.value / to}%`;
    const track = whisker(part, 0, to, { area: part.area });
    track.prepend(bar);
    return element('tr', {},
      element('th', { scope: 'row', class: 'text' }, part.region),
      element('td', {}, part.text, element('br'), element('span', { class: 'quiet' }, part.interval)),
      element('td', { class: 'line' }, track),
      element('td', {}, part.areaText));
  });
  return element('div', { class: 'scroll' }, element('table', { class: 'effects profile' },
    element('caption', {}, 'Where its attention goes, with 95 % intervals; the mark is the region’s share of the image'),
    element('thead', {}, element('tr', {},
      element('th', { scope: 'col', class: 'text' }, 'Region'), element('th', { scope: 'col' }, 'Attention'),
      element('td'), element('th', { scope: 'col' }, 'Area'))),
    element('tbody', {}, ...rows)));
}
