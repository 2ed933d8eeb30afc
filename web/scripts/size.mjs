// Fails when the script of the start page, compressed, is larger than 150 kB. The start page of somebody who is
// signed in loads the entry, the list of calls, and everything these import; what is loaded later is listed, too.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const limitBytes = 150_000;
const starts = ['index.html', 'src/calls/CallsPage.tsx'];
const build = JSON.parse(readFileSync('dist/build.json', 'utf8'));

function reach(keys) {
  const seen = new Set();
  const visit = (key) => {
    if (seen.has(key)) return;
    if (!build[key]) throw new Error(`the build has no ${key}`);
    seen.add(key);
    (build[key].imports ?? []).forEach(visit);
  };
  keys.forEach(visit);
  return seen;
}

const gzipped = (file) => gzipSync(readFileSync(`dist/${file}`), { level: 9 }).length;
const atStart = reach(starts);
let scriptBytes = 0;
let styleBytes = 0;
for (const key of atStart) {
  scriptBytes += gzipped(build[key].file);
  for (const css of build[key].css ?? []) styleBytes += gzipped(css);
}
for (const [key, { file }] of Object.entries(build)) {
  if (file.endsWith('.js'))
    console.log(`${String(gzipped(file)).padStart(8)}  ${atStart.has(key) ? 'start' : 'later'}  ${key}`);
}
console.log(`start page: ${scriptBytes} bytes of script (limit ${limitBytes}), ${styleBytes} of style, compressed`);
if (scriptBytes >= limitBytes) process.exit(1);
