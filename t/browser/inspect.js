// What is looked at on every page and in every state: see check().
'use strict';

const path = require('node:path');
const axe = require('axe-core');
const { HtmlValidate } = require('html-validate');

const validator = new HtmlValidate({ extends: ['html-validate:standard', 'html-validate:a11y'] });

const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const NARROW = { width: 320, height: 640 }; // which is 1280 at 400 % zoom
const PAPER = { width: 718, height: 1000 }; // A4 within its margins

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];
const EVERYTHING = {
  runOnly: TAGS,
  // Some are off by default.
  rules: Object.fromEntries(axe.getRules(TAGS).map(({ ruleId }) => [ruleId, { enabled: true }])),
};

// ---- what runs in the page ----

const runAxe = async ({ options, scripts }) => {
  if (!scripts) {
    // No timer runs there, and axe-core waits for some. The long ones are its time-outs.
    window.setTimeout = (act, time, ...rest) => {
      if (!(time > 1000)) Promise.resolve().then(() => act(...rest));
      return 0;
    };
  }
  const { violations } = await axe.run(document, { ...options, resultTypes: ['violations'] });
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
};

// What does not fit: into the window by its width, or into what it stands in.
const findOverflow = () => {
  const found = [];
  const root = document.documentElement;
  const isHidden = (element) => !element.checkVisibility() || !element.getClientRects().length
    || element.closest('.hidden, .skip, svg')
    || [element, element.closest('thead')].some((it) => it && getComputedStyle(it).clipPath !== 'none');
  if (root.scrollWidth > root.clientWidth) found.push(`the page scrolls sideways: ${root.scrollWidth} > ${root.clientWidth}`);
  for (const element of document.body.querySelectorAll('*')) {
    if (isHidden(element)) continue;
    const what = `<${element.tagName.toLowerCase()} class="${element.className}"> ${element.textContent.trim().slice(0, 40)}`;
    const { left, right } = element.getBoundingClientRect();
    if (right > root.clientWidth + 1 || left < -1) found.push(`sticks out: ${what}`);
    if (!/^(INPUT|SELECT)$/.test(element.tagName) && getComputedStyle(element).display !== 'inline'
      && element.scrollWidth > element.clientWidth + 1) found.push(`is too narrow for what it holds: ${what}`);
  }
  return found;
};

// The spacing that a reader may ask for (WCAG 1.4.12).
const spaceText = (on) => {
  for (const [name, value] of [['line-height', '1.5'], ['letter-spacing', '.12em'], ['word-spacing', '.16em']]) {
    if (on) document.body.style.setProperty(name, value, 'important');
    else document.body.style.removeProperty(name);
  }
};

// What has the focus, or everything that can have it in the order of the document; and whether the focus
// can be seen there.
const findFocus = (possible) => {
  const look = (element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    const middle = (from, to, limit) => (Math.max(0, from) + Math.min(limit, to)) / 2;
    const above = document.elementFromPoint(middle(left, right, innerWidth), middle(top, bottom, innerHeight));
    return {
      tag: element.tagName.toLowerCase(),
      id: element.id,
      name: (element.getAttribute('aria-label') ?? element.labels?.[0]?.innerText ?? element.innerText).trim().replace(/\s+/g, ' '),
      is_marked: element.matches(':focus-visible') && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
      is_in_view: bottom > 0 && top < innerHeight && right > 0 && left < innerWidth,
      is_covered: !above || !(element.contains(above) || above.contains(element)),
    };
  };
  if (!possible) return document.activeElement === document.body ? null : look(document.activeElement);
  return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
    .filter((element) => !element.disabled && element.checkVisibility())
    .map(look);
};

// ---- a visit's page ----

class Inspector {
  constructor(visit) {
    this.visit = visit;
    this.page = visit.page;
  }

  // Everything that speaks against the page as it is now, and its size in bytes with all that it loads.
  // Pictures of it go to the directory `pictures`, with names that begin with `name`; with `thorough`
  // the rarer ways to see it are looked at, too.
  async check({ name, pictures, thorough }) {
    const { visit, page } = this;
    const source = await visit.source;
    const found = [...await this.validate(source)];
    const picture = (kind) => page.screenshot({ path: path.join(pictures, `${name}-${kind}.png`), fullPage: true });

    await page.setViewportSize(DESK);
    found.push(...await this.axe('desk', EVERYTHING));
    if (pictures) await picture('desk');
    if (thorough) {
      await page.emulateMedia({ colorScheme: 'dark' });
      found.push(...await this.axe('dark', { runOnly: ['color-contrast'] }));
      await picture('dark');
      await page.emulateMedia({ colorScheme: 'light', forcedColors: 'active' });
      await picture('forced');
      await page.emulateMedia({ forcedColors: 'none' });
    }

    if (pictures) {
      await page.setViewportSize(PHONE);
      await picture('phone');
    }

    await page.setViewportSize(NARROW);
    found.push(...await this.overflow('at 400 %'));
    if (thorough) found.push(...await this.axe('at 400 %', EVERYTHING));
    if (pictures) await picture('400');
    await page.evaluate(spaceText, true);
    found.push(...await this.overflow('at 400 %, spaced'));
    await page.evaluate(spaceText, false);

    await page.setViewportSize(PAPER);
    await page.emulateMedia({ media: 'print' });
    found.push(...await this.overflow('in print'));
    if (thorough) await picture('print');
    await page.emulateMedia({ media: 'screen' });

    await page.setViewportSize(DESK);
    const parts = await Promise.all(visit.parts);
    found.push(...visit.problems.splice(0));
    return { found: [...new Set(found)], bytes: parts.reduce((sum, part) => sum + part.length, Buffer.byteLength(source)) };
  }

  async validate(source) {
    const { results } = await validator.validateString(source, 'page.html');
    return results.flatMap(({ messages }) => messages.map(({ ruleId, message, line, column }) =>
      `HTML: ${ruleId}: ${message} (${source.split('\n')[line - 1].slice(Math.max(0, column - 40), column + 60)})`));
  }

  async axe(where, options) {
    await this.page.evaluate(`${axe.source};0`);
    const found = await this.page.evaluate(runAxe, { options, scripts: this.visit.scripts });
    return found.map((what) => `${where}: ${what}`);
  }

  async overflow(where) {
    return (await this.page.evaluate(findOverflow)).map((what) => `${where}: ${what}`);
  }

  async focused() {
    return this.page.evaluate(findFocus, false);
  }

  // Every stop on the way through the page by Tab, at a width; and what should have been one.
  async stops(width) {
    const { page } = this;
    await page.setViewportSize({ width, height: 800 });
    const expected = await page.evaluate(findFocus, true);
    const stops = [];
    await page.evaluate(() => { document.activeElement.blur(); scrollTo(0, 0); });
    for (let i = 0; i <= expected.length; i++) {
      await page.keyboard.press('Tab');
      const stop = await this.focused();
      if (!stop || i === expected.length && stop.name === stops[0].name) break; // round
      stops.push(stop);
    }
    await page.setViewportSize(DESK);
    return { stops, expected };
  }
}

module.exports = { Inspector };
