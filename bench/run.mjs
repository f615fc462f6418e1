// npm run bench -- NAME…: runs bench/NAME.bench.mjs. Every bench measures Cassette and a peer in the same run and prints
// ratios; none asserts anything about time.
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const all = readdirSync(here)
  .filter((name) => name.endsWith('.bench.mjs'))
  .map((name) => name.slice(0, -'.bench.mjs'.length));
const wanted = process.argv.slice(2).filter((name) => !name.startsWith('-'));

if (wanted.length === 0) {
  console.log(`npm run bench -- NAME…   one of: ${all.join(', ')}`);
} else {
  for (const name of wanted) {
    if (!existsSync(`${here}${name}.bench.mjs`)) {
      console.error(`no bench '${name}'; there are: ${all.join(', ')}`);
      process.exitCode = 2;
      break;
    }
    console.log(`== ${name}`);
    const { default: bench } = await import(`./${name}.bench.mjs`);
    await bench();
  }
}
