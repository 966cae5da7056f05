// A real browser for the tests: Debian's Chromium, told what to do by AFP::Browser, one JSON object a
// line, answered by one each. A visit is a window of its own with the cookies, the language and the
// user of one administrator, with scripts or without.
'use strict';

const fs = require('node:fs');
const readline = require('node:readline');
const { chromium } = require('playwright-core');
const { Inspector } = require('./inspect.js');

const PATIENCE = 10_000 * Number(process.env.AFP_PATIENCE || 1);

let browser;
const visits = new Map();

const started = () => browser ??= chromium.launch({
  executablePath: '/usr/bin/chromium',
  chromiumSandbox: process.getuid() !== 0, // which the browser refuses to root
  args: ['--disable-gpu', '--hide-scrollbars'],
});

// ---- visits ----

// A promise whose failure is for who awaits it, if anybody does.
const kept = (promise) => { promise.catch(() => {}); return promise; };

async function begin({ visit, origin, user, password, language, scripts }) {
  const context = await (await started()).newContext({
    httpCredentials: { username: user, password, origin, send: 'always' },
    locale: language,
    javaScriptEnabled: scripts,
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const it = { page, scripts, source: '', parts: [], status: 0, problems: [] };

  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) it.problems.push(`asked elsewhere: ${request.url()}`);
  });
  page.on('requestfailed', (request) => {
    if (!/ERR_ABORTED/.test(request.failure().errorText)) it.problems.push(`no answer: ${request.url()}`);
  });
  page.on('console', (message) => {
    // That the page itself was refused is what it says here, too.
    if (Number(/status of (\d+)/.exec(message.text())?.[1]) === it.status) return;
    if (['error', 'warning'].includes(message.type())) it.problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => it.problems.push(`script: ${error.message}`));
  page.on('response', (response) => {
    const request = response.request();
    if (request.isNavigationRequest() && request.frame() === page.mainFrame() && response.status() !== 303) {
      it.status = response.status();
      it.source = kept(response.text());
      it.parts = [];
    } else if (['stylesheet', 'script', 'image', 'font'].includes(request.resourceType())) {
      it.parts.push(kept(response.body()));
    }
  });
  it.inspector = new Inspector(it);
  visits.set(visit, it);
}

// ---- finding ----

// What a person sees: a name that is read out or written beside it.
const named = (it, { role, name, within }) =>
  (within ? it.page.locator(within) : it.page).getByRole(role, { name, exact: true }).first();
const labelled = (it, label) => it.page.getByLabel(label, { exact: true }).first();

const leads = async (it, act) => {
  const arrived = it.page.waitForNavigation({ waitUntil: 'load', timeout: PATIENCE });
  await Promise.all([arrived, act()]);
};

const appears = (it, { selector, text }) => it.page.locator(selector, { hasText: text }).first().waitFor({ state: 'visible' });

// Looks out for what an act shows from before it on: it may go again.
const shows = async (it, what, act) => { await Promise.all([what && appears(it, what), act()]); };

// ---- commands ----

const commands = {
  begin: async (it, options) => begin(options),

  open: async (it, { url }) => { await it.page.goto(url, { waitUntil: 'load' }); return it.status; },
  reload: async (it) => { await it.page.reload({ waitUntil: 'load' }); return it.status; },
  press: async (it, what) => { await leads(it, () => named(it, what).click()); return it.status; },
  click: async (it, { shows: what, ...button }) => shows(it, what, () => named(it, button).click()),
  has: async (it, what) => named(it, what).isVisible(),

  // Fields by their label.
  fill: async (it, { label, value }) => {
    const field = labelled(it, label);
    const kind = await field.evaluate((element) => element.type);
    if (kind === 'checkbox') await field.setChecked(value === '1');
    else if (kind === 'select-one') await field.selectOption({ label: value });
    else await field.fill(value);
  },
  value: async (it, { label }) => labelled(it, label).inputValue(),

  // By keyboard: names of keys, or { type: text }. The last one may lead to another page.
  keys: async (it, { keys, leads: to, shows: what }) => {
    await shows(it, what, async () => {
      for (const [i, key] of keys.entries()) {
        const act = () => key.type === undefined ? it.page.keyboard.press(key) : it.page.keyboard.insertText(key.type);
        if (to && i === keys.length - 1) await leads(it, act);
        else await act();
      }
    });
    return it.status;
  },
  focused: async (it) => it.inspector.focused(),
  stops: async (it, { width }) => it.inspector.stops(width),

  content: async (it) => it.page.content(),
  text: async (it) => it.page.locator('body').innerText(),
  url: async (it) => it.page.url(),
  clipboard: async (it) => it.page.evaluate(() => navigator.clipboard.readText()),
  await: async (it, what) => appears(it, what),

  check: async (it, options) => it.inspector.check(options),
};

async function answer(line) {
  const { command, ...options } = JSON.parse(line);
  try {
    return { result: await commands[command](visits.get(options.visit), options) ?? null };
  } catch (error) {
    return { error: String(error.message ?? error).slice(0, 2000) };
  }
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    fs.writeSync(1, JSON.stringify(await answer(line)) + '\n');
  }
  if (browser) await (await browser).close();
}

process.on('SIGTERM', async () => { if (browser) await (await browser).close(); process.exit(1); });
main();
