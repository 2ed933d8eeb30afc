// Fails when src/api/schema.d.ts is not what ../api/openapi.yaml gives.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'schema-'));
try {
  const made = join(folder, 'schema.d.ts');
  execFileSync('npx', ['--no-install', 'openapi-typescript', '../api/openapi.yaml', '-o', made], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (readFileSync(made, 'utf8') !== readFileSync('src/api/schema.d.ts', 'utf8')) {
    console.error('src/api/schema.d.ts is not of this contract: npm run generate');
    process.exit(1);
  }
  console.log('src/api/schema.d.ts is of this contract');
} finally {
  rmSync(folder, { recursive: true });
}
