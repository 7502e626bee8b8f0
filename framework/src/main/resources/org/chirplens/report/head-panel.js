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

/** A table under its title, which wraps where the table scrolls. */
function titledTable(title, columns, rows) {
  const head = columns.map(({ text, words }) => text === ''
    ? element('td') : element('th', { scope: 'col', class: words ? 'text' : '' }, text));
  return element('div', {}, element('h4', {}, title), element('div', { class: 'scroll' },
    element('table', { class: 'effects', 'aria-label': title },
      element('thead', {}, element('tr', {}, ...head)), element('tbody', {}, ...rows))));
}

/** A number with another one under it. */
function twoLines(above, below, kind = '') {
  return element('td', { class: kind }, above, element('br'), element('span', { class: 'quiet' }, below));
}

/** Rows of effects on one scale; a row has titles, a protocol's name and maybe a target's, and its effect. */
function effectTable(title, columns, rows) {
  const numbers = rows.flatMap(row => [row.effect.low, row.effect.value, row.effect.high]).filter(n => n !== null);
  const from = Math.min(0, ...numbers);
  const to = Math.max(from + 1e-9, 0, ...numbers);
  const cells = ({ titles, effect }) => element('tr', {},
    ...titles.map(words => element('th', { scope: 'row', class: 'text' }, words)),
    twoLines(effect.increase, effect.interval),
    element('td', { class: 'line' }, whisker(effect, from, to, { zero: 0 })),
    twoLines(element('span', { class: `verdict ${effect.verdict}` }, effect.verdict), `p ${effect.p}`, 'text'));
  return titledTable(title,
    [...columns, { text: 'Loss increase' }, { text: '' }, { text: 'Verdict', words: true }], rows.map(cells));
}

/** The effects of a head: on all targets under every protocol, then target by target. */
function effectTables(data, head) {
  if (data.protocols.length === 0) {
    return [];
  }
  // A long name may break after each of its words.
  const code = name => element('code', {}, ...name.split(/(?<=_)/).flatMap(word => [word, element('wbr')]));
  const pooled = data.protocols.map(protocol => ({
    titles: [code(protocol.name)],
    effect: protocol.targets[0].heads[head]
  }));
  const column = { text: 'Protocol', words: true };
  const tables = [effectTable('What the loss does without this head (95 % interval, adjusted p)', [column], pooled)];
  if (data.targets.length > 2) {
    const byTarget = data.protocols.flatMap(protocol => data.targets.slice(1).map((target, t) => ({
      titles: [code(protocol.name), target],
      effect: protocol.targets[t + 1].heads[head]
    })));
    tables.push(element('details', {}, element('summary', {}, 'By target'),
      effectTable('What the loss of each target does without this head',
        [column, { text: 'Target', words: true }], byTarget)));
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
      twoLines(part.text, part.interval),
      element('td', { class: 'line' }, track),
      element('td', {}, part.areaText));
  });
  return titledTable('Where its attention goes (95 % interval); the blue mark is what even attention would give',
    [{ text: 'Region', words: true }, { text: 'Attention' }, { text: '' }, { text: 'Even' }], rows);
}
