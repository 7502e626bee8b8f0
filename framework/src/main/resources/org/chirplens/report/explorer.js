// The grid of heads and what it opens.
class HeadExplorer {
  constructor(data) {
    this.data = data;
    this.part = name => document.getElementById(`explorer-${name}`);
    this.opened = data.protocols.length === 0 ? 0 : data.protocols[0].most;
    this.controls();
    this.cells = this.grid();
    document.getElementById('explorer-body').hidden = false;
    if (data.attention) {
      this.viewer = new AttentionViewer(data.attention, () => this.mapsChanged());
    }
    this.colour();
    this.open(this.opened);
    new ResizeObserver(() => this.part('grid').classList
      .toggle('bare', 46 > this.cells[0].getBoundingClientRect().width)).observe(this.part('grid'));
  }

  /** The images that come as scripts. */
  receive(index, content) {
    this.viewer.receive(index, content);
  }

  controls() {
    const { protocols, targets, labels, attention } = this.data;
    const fill = (name, options) => {
      this.part(name).append(...options.map(([value, text]) => element('option', { value }, text)));
      this.part(name).addEventListener('change', () => this.colour());
    };
    fill('protocol', protocols.map((protocol, i) => [i, protocol.name]));
    fill('target', targets.map((target, i) => [i, target]));
    const views = protocols.length === 0 ? [] : [
      ['increase', 'loss increase (%)'], ['loss', 'loss'], ['p', 'adjusted p-value'], ['verdict', 'verdict']];
    fill('view', [...views, ...(labels ? [['label', 'what it looks at']] : []),
      ...(attention ? [['attention', 'attention map']] : [])]);
    this.part('target-label').hidden = targets.length === 1;
  }

  /** A table with the last layer on top, as in the figures; returns its cells in the order of heads. */
  grid() {
    const { layers, heads } = this.data;
    const numbers = Array.from({ length: heads }, (_, h) => h);
    const cells = [];
    const rows = [];
    for (let layer = 0; layer !== layers; layer++) {
      const row = numbers.map(h => element('td', { role: 'gridcell', tabindex: -1, 'data-head': layer * heads + h }));
      cells.push(...row);
      rows.unshift(element('tr', { role: 'row' }, element('th', { scope: 'row', role: 'rowheader' }, layer + 1), ...row));
    }
    const foot = element('tr', { role: 'row' }, element('td', { role: 'presentation', class: 'corner' }),
      ...numbers.map(h => element('th', { scope: 'col', role: 'columnheader' }, h + 1)));
    this.part('grid').append(element('tbody', { role: 'rowgroup' }, ...rows, foot));
    this.listen();
    return cells;
  }

  listen() {
    const grid = this.part('grid');
    const head = event => {
      const cell = event.target.closest('td[data-head]');
      return cell ? Number(cell.dataset.head) : null;
    };
    const tell = event => head(event) !== null && this.tell(head(event));
    grid.addEventListener('pointerover', tell);
    grid.addEventListener('pointerleave', () => this.tell(this.opened));
    grid.addEventListener('focusin', tell);
    grid.addEventListener('click', event => head(event) !== null && this.open(head(event)));
    grid.addEventListener('keydown', event => head(event) !== null && this.key(event, head(event)));
  }

  /** Arrow keys go to the neighbours on screen, where layers rise. */
  key(event, head) {
    const { layers, heads } = this.data;
    const layer = Math.floor(head / heads);
    const column = head % heads;
    const to = (l, c) => Math.max(0, Math.min(layers - 1, l)) * heads + Math.max(0, Math.min(heads - 1, c));
    const moves = {
      ArrowLeft: to(layer, column - 1), ArrowRight: to(layer, column + 1),
      ArrowUp: to(layer + 1, column), ArrowDown: to(layer - 1, column),
      Home: to(layer, 0), End: to(layer, heads - 1), PageUp: to(layers, column), PageDown: to(0, column)
    };
    if (event.key === 'Enter' || event.key === ' ') {
      this.open(head);
    } else if (event.key in moves) {
      this.reach(moves[event.key]);
      this.cells[moves[event.key]].focus();
    } else {
      return;
    }
    event.preventDefault();
  }

  /** One cell of the grid is in the order of the Tab key. */
  reach(head) {
    this.cells.forEach((cell, i) => { cell.tabIndex = i === head ? 0 : -1; });
  }

  view() {
    return this.part('view').value;
  }

  protocol() {
    return this.data.protocols[Number(this.part('protocol').value)];
  }

  ofTarget() {
    return this.protocol().targets[Number(this.part('target').value)];
  }

  colour() {
    const effects = !['label', 'attention'].includes(this.view());
    this.part('protocol').disabled = !effects;
    this.part('target').disabled = !effects;
    this.part('note').textContent = effects && this.protocol().cumulative
      ? 'This protocol adds up the damage of all heads before each one: it does not show which heads matter.' : '';
    if (this.view() === 'attention') {
      this.thumbnails();
    } else {
      const of = effects ? ` · ${this.protocol().name}, ${this.data.targets[Number(this.part('target').value)]}` : '';
      this.paint(effects ? this.ofTarget().views[this.view()] : this.data.labels, of);
    }
    this.cells.forEach((cell, head) => cell.setAttribute('aria-label', this.words(head)));
    this.tell(this.opened);
  }

  /** The legend says what is shown, as the controls are not on paper. */
  paint({ texts, colours, inks, legend }, of) {
    this.cells.forEach((cell, head) => {
      cell.style.background = colours[head];
      cell.style.color = inks[head] === 'w' ? '#ffffff' : '#000000';
      cell.replaceChildren(element('span', {}, texts[head]));
    });
    this.part('legend').replaceChildren(legend.ramp
      ? colourBar(legend.title + of, legend.ramp, legend.ticks) : colourClasses(legend.title + of, legend.classes));
  }

  thumbnails() {
    if (!this.viewer || !this.viewer.maps()) {
      this.cells.forEach(cell => {
        cell.style.background = '';
        cell.replaceChildren();
      });
      this.part('legend').replaceChildren(element('div', { class: 'key-title' }, 'The maps of this image are not here yet'));
      return;
    }
    this.cells.forEach((cell, head) => {
      const canvas = element('canvas', { class: 'map' });
      cell.style.background = '';
      cell.replaceChildren(canvas);
      this.viewer.paint(canvas, head, GREY);
    });
    this.part('legend').replaceChildren(element('div', { class: 'key-title' },
      `Attention maps of ${this.data.attention.images[this.viewer.index].name}, coloured as in the head’s panel`));
  }

  mapsChanged() {
    if (this.view() === 'attention') {
      this.thumbnails();
    }
  }

  name(head) {
    return `Layer ${Math.floor(head / this.data.heads) + 1}, head ${head % this.data.heads + 1}`;
  }

  /** What a cell stands for, for those who see no colours, too. */
  words(head) {
    const profile = this.data.profiles && this.data.profiles[head];
    const words = [this.name(head)];
    if (this.data.protocols.length !== 0) {
      const { increase, interval, loss, p, verdict } = this.ofTarget().heads[head];
      words.push(`loss ${increase}, 95 % interval ${interval}`, `loss ${loss}`, `adjusted p ${p}`, verdict);
    }
    return [...words, ...(profile ? [`looks at ${profile.label}`] : [])].join(' · ');
  }

  tell(head) {
    this.part('readout').textContent = this.words(head);
  }

  open(head) {
    this.cells[this.opened].removeAttribute('aria-selected');
    this.cells[head].setAttribute('aria-selected', 'true');
    this.opened = head;
    this.reach(head);
    this.tell(head);
    const profile = this.data.profiles && this.data.profiles[head];
    this.part('head').textContent = this.name(head);
    this.part('label').textContent = profile ? `Looks at: ${profile.label}` : '';
    this.part('effects').replaceChildren(...effectTables(this.data, head));
    this.part('profile').replaceChildren(...(profile ? [profileBars(profile)] : []));
    if (this.viewer) {
      this.viewer.show(head);
    }
  }
}

/** Colours that each stand for something. */
function colourClasses(title, classes) {
  const items = classes.map(({ colour, text }) => {
    const swatch = element('span', { class: 'swatch' });
    swatch.style.background = colour;
    return element('span', { class: 'class' }, swatch, text);
  });
  return element('div', { class: 'key' }, element('div', { class: 'key-title' }, title), element('div', { class: 'classes' }, ...items));
}

const explorerData = document.getElementById('explorer-data');
const headExplorer = explorerData ? new HeadExplorer(JSON.parse(explorerData.textContent)) : null;
