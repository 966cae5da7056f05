// What is looked at on every page and in every state: see check().
'use strict';

const path = require('node:path');
const axe = require('axe-core');
const { HtmlValidate } = require('html-validate');

const validator = new HtmlValidate({ extends: ['html-validate:standard', 'html-validate:a11y'] });

const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const NARROW = { width: 320, height: 640 }; // which is 1280 at 400 % zoom

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];
const RULES = Object.fromEntries(axe.getRules(TAGS).map(({ ruleId }) => [ruleId, { enabled: true }]));

// ---- what runs in the page ----

// Without scripts no timer runs there, which axe-core waits for.
const runAxe = async ({ options, scripts }) => {
  if (!scripts) window.setTimeout = (act, time, ...rest) => { if (!(time > 1000)) Promise.resolve().then(() => act(...rest)); return 0; };
  const { violations } = await axe.run(document, options);
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
};

// What does not fit into the window: by width, or cut off by what it stands in.
const findOverflow = () => {
  const found = [];
  const tell = (element) => `<${element.tagName.toLowerCase()} class="${element.getAttribute('class') ?? ''}"> ${element.textContent.trim().slice(0, 40)}`;
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) found.push(`the page scrolls sideways: ${root.scrollWidth} > ${root.clientWidth}`);
  for (const element of document.body.querySelectorAll('*')) {
    if (element.closest('.hidden, .skip, svg') || !element.checkVisibility() || !element.getClientRects().length) continue;
    const { left, right } = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    if (style.clipPath !== 'none' || element.closest('thead') && getComputedStyle(element.closest('thead')).clipPath !== 'none') continue;
    if (right > root.clientWidth + 1 || left < -1) found.push(`sticks out: ${tell(element)}`);
    if (!/^(INPUT|SELECT)$/.test(element.tagName) && style.display !== 'inline' && element.scrollWidth > element.clientWidth + 1) found.push(`is too narrow for what it holds: ${tell(element)}`);
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

// What has the focus, and whether that can be seen.
const describeFocus = () => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  const x = Math.max(0, left) + Math.min(width, innerWidth) / 2;
  const y = Math.max(1, Math.min(innerHeight - 1, (Math.max(0, top) + Math.min(innerHeight, bottom)) / 2));
  const above = document.elementFromPoint(x, y);
  return {
    tag: element.tagName.toLowerCase(),
    id: element.id,
    name: (element.getAttribute('aria-label') ?? element.labels?.[0]?.innerText ?? element.innerText ?? '').trim().replace(/\s+/g, ' '),
    is_marked: element.matches(':focus-visible') && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    is_in_view: bottom > 0 && top < innerHeight && right > 0 && left < innerWidth,
    is_covered: !above || !(element.contains(above) || above.contains(element)),
  };
};

// What can have the focus, in the order of the document.
const findStops = () =>
  [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
    .filter((element) => !element.disabled && element.checkVisibility())
    .map((element) => ({
      tag: element.tagName.toLowerCase(),
      id: element.id,
      name: (element.getAttribute('aria-label') ?? element.labels?.[0]?.innerText ?? element.innerText ?? '').trim().replace(/\s+/g, ' '),
    }));

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
    const found = visit.problems.splice(0);
    const source = await visit.source;

    await page.setViewportSize(DESK);
    found.push(...await this.validate(source));
    found.push(...await this.axe('desk', {}));
    if (pictures) await this.picture(pictures, name, 'desk');

    await page.setViewportSize(PHONE);
    if (pictures) await this.picture(pictures, name, 'phone');

    await page.setViewportSize(NARROW);
    found.push(...(await page.evaluate(findOverflow)).map((what) => `at 400 %: ${what}`));
    await page.evaluate(spaceText, true);
    found.push(...(await page.evaluate(findOverflow)).map((what) => `at 400 %, spaced: ${what}`));
    await page.evaluate(spaceText, false);
    if (pictures) await this.picture(pictures, name, '400');
    if (thorough) {
      found.push(...await this.axe('at 400 %', {}));
      await page.setViewportSize(DESK);
      await this.inMedia(pictures, name, found);
    }
    await page.setViewportSize(DESK);
    found.push(...visit.problems.splice(0));
    const parts = await Promise.all(visit.parts);
    return { found: [...new Set(found)], bytes: parts.reduce((sum, part) => sum + part.length, Buffer.byteLength(source)) };
  }

  async inMedia(pictures, name, found) {
    const { page } = this;
    await page.emulateMedia({ colorScheme: 'dark' });
    found.push(...await this.axe('dark', { runOnly: ['color-contrast'], rules: {} }));
    await this.picture(pictures, name, 'dark');
    await page.emulateMedia({ colorScheme: 'light', forcedColors: 'active' });
    await this.picture(pictures, name, 'forced');
    await page.emulateMedia({ forcedColors: 'none', media: 'print' });
    await page.setViewportSize({ width: 718, height: 1000 }); // A4 within its margins
    found.push(...(await page.evaluate(findOverflow)).map((what) => `in print: ${what}`));
    await this.picture(pictures, name, 'print');
    await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
  }

  async validate(source) {
    const { results } = await validator.validateString(source, 'page.html');
    return results.flatMap(({ messages }) => messages.map(({ ruleId, message, line, column }) =>
      `HTML: ${ruleId}: ${message} (${line}:${column}: ${source.split('\n')[line - 1].slice(Math.max(0, column - 40), column + 60)})`));
  }

  async axe(where, options) {
    await this.page.evaluate(`${axe.source};0`);
    const all = { runOnly: TAGS, rules: RULES, resultTypes: ['violations'], ...options };
    const found = await this.page.evaluate(runAxe, { options: all, scripts: this.visit.scripts });
    return found.map((what) => `${where}: ${what}`);
  }

  async picture(directory, name, kind) {
    await this.page.screenshot({ path: path.join(directory, `${name}-${kind}.png`), fullPage: true });
  }

  async focused() {
    return this.page.evaluate(describeFocus);
  }

  // Every stop on the way through the page by Tab, at a width; and what should have been one.
  async stops(width) {
    const { page } = this;
    await page.setViewportSize({ width, height: 800 });
    const expected = await page.evaluate(findStops);
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
