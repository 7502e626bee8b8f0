// The attention maps of a head over an image. A map has 8 bits for each patch, from its least to its most value.

/** An element with attributes and children; text goes in as text. */
function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  Object.entries(attributes).forEach(([key, value]) => node.setAttribute(key, value));
  node.append(...children);
  return node;
}

/** A middle grey of an image under maps. */
const GREY = '#c4c4c4';

class AttentionViewer {
  /** The images that come as scripts call receive; changed is called whenever other maps are shown. */
  constructor(attention, changed) {
    this.attention = attention;
    this.changed = changed;
    this.head = 0;
    this.index = 0;
    this.part = name => document.getElementById(`viewer-${name}`);
    this.part('image').append(...attention.images.map((image, i) => element('option', { value: i }, image.name)));
    this.part('reading').append(...attention.readings.map((name, i) => element('option', { value: i }, name)));
    this.part('reading-label').hidden = attention.readings.length === 1;
    this.listen();
    document.getElementById('explorer-viewer').hidden = false;
    this.choose(0);
  }

  listen() {
    this.part('image').addEventListener('change', event => this.choose(Number(event.target.value)));
    this.part('previous').addEventListener('click', () => this.step(-1));
    this.part('next').addEventListener('click', () => this.step(1));
    this.part('reading').addEventListener('change', () => this.draw());
    this.part('scale').addEventListener('change', () => this.draw());
    this.part('opacity').addEventListener('input', event => {
      this.part('map').style.opacity = event.target.value / 100;
    });
    this.part('colour').addEventListener('change', event => {
      this.part('picture').classList.toggle('coloured', event.target.checked);
    });
  }

  step(by) {
    const count = this.attention.images.length;
    this.choose((this.index + by + count) % count);
  }

  choose(index) {
    this.index = index;
    this.part('image').value = index;
    const image = this.attention.images[index];
    if (image.readings) {
      this.draw();
    } else {
      this.load(image);
    }
  }

  /** A page from disk may fetch nothing, but may run a script. */
  load(image) {
    this.clear();
    this.part('note').textContent = `Loading ${image.file} …`;
    const script = element('script', { src: image.file });
    script.addEventListener('error', () => {
      this.part('note').textContent = `${image.file} is not beside this page: move both together.`;
    });
    document.head.append(script);
  }

  /** Leaves nothing of the image before. */
  clear() {
    this.part('picture').removeAttribute('src');
    this.part('picture').alt = '';
    this.part('map').width = 1;
    this.part('legend').replaceChildren();
    this.changed();
  }

  receive(index, content) {
    Object.assign(this.attention.images[index], content);
    if (index === this.index) {
      this.draw();
    }
  }

  show(head) {
    this.head = head;
    this.draw();
  }

  /** The maps of the chosen image and reading; undefined while they are loaded. */
  maps() {
    const readings = this.attention.images[this.index].readings;
    const maps = readings && readings[Number(this.part('reading').value)];
    if (maps && !maps.bytes) {
      maps.bytes = Uint8Array.from(atob(maps.levels), c => c.charCodeAt(0));
      maps.all = { least: Math.min(...maps.least), most: Math.max(...maps.most) };
    }
    return maps;
  }

  /** From which value to which colours go. */
  range(maps, head) {
    return this.part('scale').value === 'map' ? { least: maps.least[head], most: maps.most[head] } : maps.all;
  }

  draw() {
    const maps = this.maps();
    if (!maps) {
      return;
    }
    const image = this.attention.images[this.index];
    this.part('picture').src = `data:image/jpeg;base64,${image.jpeg}`;
    this.part('picture').alt = image.name;
    this.paint(this.part('map'), this.head, 'transparent');
    this.part('note').textContent = '';
    const { least, most } = this.range(maps, this.head);
    const number = value => String(Number(value.toPrecision(3)));
    this.part('legend').replaceChildren(colourBar(
      `Attention that a patch receives, ${image.name}, ${this.attention.readings[Number(this.part('reading').value)]}`,
      this.attention.colours.map((colour, i) => this.mixed(i / (this.attention.colours.length - 1))),
      [{ at: 0, text: number(least) }, { at: 1, text: number(most) }]));
    this.changed();
  }

  /** A head's map on a canvas, a pixel for each patch, over a ground that may be transparent. */
  paint(canvas, head, ground) {
    const maps = this.maps();
    canvas.width = maps.grid;
    canvas.height = maps.grid;
    const context = canvas.getContext('2d');
    context.fillStyle = ground;
    context.fillRect(0, 0, maps.grid, maps.grid);
    const { least, most } = this.range(maps, head);
    const patches = maps.grid * maps.grid;
    for (let i = 0; i !== patches; i++) {
      const level = maps.bytes[head * patches + i] / 255;
      const value = maps.least[head] + level * (maps.most[head] - maps.least[head]);
      const place = most > least ? (value - least) / (most - least) : 0;
      context.globalAlpha = this.attention.strongest * place;
      context.fillStyle = this.tint(place);
      context.fillRect(i % maps.grid, Math.floor(i / maps.grid), 1, 1);
    }
  }

  tint(place) {
    const colours = this.attention.colours;
    return colours[Math.round(place * (colours.length - 1))];
  }

  /** The colour over the grey of an image. */
  mixed(place) {
    return `color-mix(in srgb, ${this.tint(place)} ${100 * this.attention.strongest * place}%, ${GREY})`;
  }
}

/** A bar of colours with labels at places from 0 to 1. */
function colourBar(title, colours, ticks) {
  const bar = element('div', { class: 'bar-of-colours' });
  bar.style.background = `linear-gradient(to right, ${colours.join(', ')})`;
  const labels = element('div', { class: 'ticks' }, ...ticks.map(tick => {
    const label = element('span', {}, tick.text);
    label.style.left = `${100 * tick.at}%`;
    return label;
  }));
  return element('div', { class: 'key' }, element('div', { class: 'key-title' }, title), bar, labels);
}
