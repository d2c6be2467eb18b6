(() => {
  const faults = [];
  const name = e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + (e.getAttribute('class') ? '.' + e.getAttribute('class') : '') +
    ' "' + (e.textContent || '').trim().replace(/\s+/g, ' ').slice(0, 40) + '"';
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width)
    faults.push(`the page is ${document.documentElement.scrollWidth} px wide, the window ${width}`);
  for (const d of document.querySelectorAll('details')) d.open = true;
  // What is outside the window or its box must be within something that scrolls.
  const reachable = e => {
    for (let p = e.parentElement; p; p = p.parentElement)
      if (['auto', 'scroll'].includes(getComputedStyle(p).overflowX)) return true;
    return false;
  };
  for (const e of document.body.querySelectorAll('*')) {
    if (e instanceof SVGElement && e.tagName !== 'svg') continue;
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    if (box.width === 0 || style.visibility === 'hidden') continue;
    if ((box.right > width + 1 || box.left < -1) && !reachable(e)) faults.push(`outside the window: ${name(e)}`);
    if (style.overflowX === 'hidden' && e.scrollWidth > e.clientWidth + 1) faults.push(`cut off: ${name(e)}`);
  }
  // A picture is there when it has a size and something in it; letters of a chart are within it.
  for (const i of document.images) if (!i.complete || i.naturalWidth === 0) faults.push(`no picture: ${i.src.slice(0, 80)}`);
  for (const s of document.querySelectorAll('svg')) {
    const box = s.getBoundingClientRect();
    if (box.width === 0 || box.height === 0 || s.childElementCount === 0) faults.push(`an empty picture: ${name(s)}`);
    for (const t of s.querySelectorAll('text')) {
      const b = t.getBoundingClientRect();
      if (b.width > 0 && (b.left < box.left - 2 || b.right > box.right + 2 || b.top < box.top - 2 || b.bottom > box.bottom + 2))
        faults.push(`cut off in a picture: ${name(t)}`);
    }
  }
  if (document.images.length + document.querySelectorAll('svg').length === 0) faults.push('no picture at all');
  // Letters can be told from what is behind them (WCAG 2: 4.5).
  const rgb = c => (c.match(/[\d.]+/g) || []).map(Number);
  const light = c => { const [r, g, b] = c.slice(0, 3).map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
  const behind = e => { for (let p = e; p; p = p.parentElement) { const c = rgb(getComputedStyle(p).backgroundColor); if (c.length === 3 || c[3] === 1) return c; } return [255, 255, 255]; };
  const told = new Set();
  for (const e of document.body.querySelectorAll('p,td,th,h1,h2,h3,li,a,summary,figcaption,dt,dd,code')) {
    if (!e.textContent.trim() || e.getBoundingClientRect().width === 0) continue;
    const [a, b] = [light(rgb(getComputedStyle(e).color)), light(behind(e))], ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    const key = e.tagName + ratio.toFixed(1);
    if (ratio < 4.5 && !told.has(key)) { told.add(key); faults.push(`contrast ${ratio.toFixed(1)}: ${name(e)}`); }
  }
  console.log('the inspection has ended');
  return faults;
})()
