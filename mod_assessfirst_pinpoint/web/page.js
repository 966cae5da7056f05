// What the marketplace page can do besides, where scripts run: buttons that copy, and states that
// renew themselves. Everything else works without.
'use strict';
(() => {
  const main = document.querySelector('main');

  // What is told to those who do not see the change.
  const tell = (text) => { document.getElementById('news').textContent = text; };

  // ---- copy ----

  const addCopyButton = (box) => {
    const code = box.querySelector('code');
    const button = document.createElement('button');
    const { copy, copied } = box.dataset;
    button.type = 'button';
    button.className = 'small';
    button.textContent = copy;
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = copied;
        tell(copied);
        setTimeout(() => { button.textContent = copy; }, 3000);
      } catch {
        getSelection().selectAllChildren(code);
      }
    });
    box.append(button);
  };
  const addCopyButtons = (within) => within.querySelectorAll('[data-copy]').forEach(addCopyButton);

  // ---- live states: while something is pending, the page is looked at, and for half an hour ----

  const until = Date.now() + 30 * 60 * 1000;
  const seen = new Map();
  let seconds = Number(main.dataset.refresh);
  let timer;

  const look = (part) => part.outerHTML.replace(/ value="[^"]*"/g, '');
  const withoutTimes = (html) => html.replace(/<time.*?<\/time>/gs, '');
  const stateOf = () => document.getElementById('state')?.textContent;
  const isUsed = (part) => {
    const selection = getSelection();
    return part.contains(document.activeElement) || (!selection.isCollapsed && part.contains(selection.anchorNode));
  };

  // What stands for the same in a part and in the fresh one.
  const keyOf = (element) => `${element.tagName} ${element.getAttribute('href') ?? element.value} ${element.closest('[id]').id}`;

  // Whoever is busy with a part is not disturbed because time went by, and keeps the focus.
  const renew = (part, fresh) => {
    if (!fresh || look(fresh) === seen.get(part.id)) return;
    if (isUsed(part) && withoutTimes(look(fresh)) === withoutTimes(seen.get(part.id))) return;
    seen.set(part.id, look(fresh));
    const focused = part.contains(document.activeElement) && keyOf(document.activeElement);
    const open = [...part.querySelectorAll('details')].map((details) => details.open);
    const node = document.importNode(fresh, true);
    node.querySelectorAll('details').forEach((details, i) => { details.open ||= open[i]; });
    addCopyButtons(node);
    part.replaceWith(node);
    if (focused) {
      node.tabIndex = -1;
      ([...node.querySelectorAll('a, button, summary, [tabindex]')].find((element) => keyOf(element) === focused) ?? node).focus({ preventScroll: true });
    }
  };

  const refresh = async () => {
    const url = new URL(location.pathname, location.href);
    url.searchParams.set('live', '1');
    const answer = await fetch(url, { cache: 'no-store', redirect: 'error' });
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const before = stateOf();
    document.querySelectorAll('[data-live]').forEach((part) => renew(part, page.getElementById(part.id)));
    if (stateOf() !== before) tell(stateOf());
    seconds = Number(page.querySelector('main').dataset.refresh);
  };

  const plan = (wait = seconds * 1000) => {
    clearTimeout(timer);
    if (!seconds || document.hidden || Date.now() > until) return;
    timer = setTimeout(() => refresh().catch(() => { seconds = Math.min(seconds * 2, 60); }).then(() => plan()), wait);
  };

  document.querySelectorAll('[data-live]').forEach((part) => seen.set(part.id, look(part)));
  addCopyButtons(document);
  addEventListener('load', () => {
    if (document.activeElement === document.body) document.querySelector('[autofocus]')?.focus();
  });
  document.addEventListener('visibilitychange', () => plan(0)); // who comes back sees what is new
  plan();
})();
