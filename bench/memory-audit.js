import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../dist/evaluation/bootstrap.js';
import { OnnxRelationEncoder } from '../dist/inference/onnx-relation-encoder.js';
import { auditMemory } from '../dist/memory/audit/audit.js';
import { readPackage } from '../dist/memory/package.js';
import { locateMemory } from '../dist/memory/shelf.js';
import { mergeMemories } from '../dist/memory/versions/changes.js';
import { deriveVersion } from '../dist/memory/versions/derive.js';
import { importEntries } from '../dist/memory/versions/entry-exchange.js';
import { shippedPath, shippedPredicates } from './lib/shipped.js';

/*
 * How many planted errors the audit finds: a copy of a memory in which 5% of the entries got another label, drawn from
 * all, and 2% a near copy (a word added, letter case or punctuation changed); precision and recall by the agreement
 * that is asked of the neighbours. A finding that names no planted error counts as wrong, though the memory may have
 * errors of its own, and hard examples that only look like some.
 *   npm run build && node bench/memory-audit.js [memory]
 */
const FLIPPED = 0.05;
const COPIED = 0.02;
const AGREEMENTS = [0.5, 0.6, 0.7, 0.8, 0.9, 1];

const name = process.argv[2] ?? 'general';
const random = seededRandom(20_231);
const schema = await shippedPredicates();
const encoder = await OnnxRelationEncoder.open(shippedPath('models/relation-encoder'), { workers: 2 });
const memoriesDir = await mkdtemp(join(tmpdir(), 'neighborkb-bench-'));
try {
  const directory = await locateMemory(shippedPath('memories'), name);
  await cp(directory, join(memoriesDir, name), { recursive: true });
  const { entries, manifest } = await readPackage(directory);
  const flips = await plantFlips(entries, Object.keys(manifest.countsByLabel));
  const copies = await plantCopies(entries, manifest);
  await mergeMemories({ memoriesDir }, 'planted', ['flipped', 'copies']);
  const begun = performance.now();
  const report = await auditMemory({ memoriesDir, reference: 'planted', schema, agreement: AGREEMENTS[0] });
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.log(
    `${report.entries} entries audited in ${seconds} s; planted ${flips.size} labels, ${copies} copies`,
  );
  const contradicted = report.findings.filter(({ kind }) => kind === 'contradicted');
  for (const agreement of AGREEMENTS) {
    const found = contradicted.filter(({ score }) => score >= agreement);
    const right = found.filter(({ entry }) => flips.has(entry));
    const mended = right.filter(({ entry, suggestion }) => flips.get(entry) === suggestion.label);
    console.log(
      `contradicted, agreement ${agreement}: ${found.length} found, precision ${percent(right.length, found.length)}, ` +
        `recall ${percent(right.length, flips.size)}, suggested label right ${percent(mended.length, right.length)}`,
    );
  }
  const named = contradicted.filter(({ label, suggestion }) => label !== 'NIL' && suggestion.label !== 'NIL');
  const rightNamed = named.filter(({ entry }) => flips.has(entry));
  console.log(
    `of these, between two relations (no NIL): ${named.length} found, precision ` +
      percent(rightNamed.length, named.length),
  );
  const doubles = report.findings.filter(({ kind }) => kind === 'duplicate' || kind === 'conflict');
  const right = doubles.filter(({ example }) => example.origin.startsWith('copy of '));
  console.log(
    `copies: ${doubles.length} found, precision ${percent(right.length, doubles.length)}, ` +
      `recall ${percent(right.length, copies)}`,
  );
} finally {
  await encoder.close();
  await rm(memoriesDir, { recursive: true, force: true });
}

/** @returns the right label of each entry that got another, by the id that it has now */
async function plantFlips(entries, labels) {
  const chosen = new Map();
  for (const { id, label } of entries) {
    if (random() >= FLIPPED) continue;
    const others = labels.filter((other) => other !== label);
    chosen.set(id, others[Math.floor(random() * others.length)]);
  }
  await deriveVersion({
    memoriesDir,
    name: 'flipped',
    parents: [name],
    settings: {},
    change: 'repair',
    choose: ({ id, label }) => ({ label: chosen.get(id) ?? label }),
  });
  const after = await readPackage(await locateMemory(memoriesDir, 'flipped'));
  return new Map(
    entries.flatMap(({ id, label }, index) => (chosen.has(id) ? [[after.entries[index].id, label]] : [])),
  );
}

async function plantCopies(entries, { normalised, keyType }) {
  const lines = [];
  for (const entry of entries) {
    if (random() >= COPIED || entry.text.length < 40) continue;
    lines.push(JSON.stringify({ ...nearCopy(entry, lines.length % 3), origin: `copy of ${entry.id}` }));
  }
  const file = join(memoriesDir, 'copies.jsonl');
  await writeFile(file, `${lines.join('\n')}\n`);
  const target = { memoriesDir, name: 'copies', description: '', license: 'MIT', normalised, keyType };
  const { entries: count } = await importEntries({ ...target, encoder, schema, file, labels: 'known' });
  return count;
}

/** The same example in other words: a word at the end, white space for a comma, or another end of the sentence. */
function nearCopy({ text, subject, object, label }, way) {
  const last = Math.max(subject.end, object.end);
  const at = text.indexOf(',', last);
  if (way === 1 && at > 0)
    return { text: `${text.slice(0, at)} ${text.slice(at + 1)}`, subject, object, label };
  const end = way === 0 ? ' indeed.' : '!';
  return {
    text: last >= text.length - 1 ? `${text}${end}` : text.replace(/\.?$/, end),
    subject,
    object,
    label,
  };
}

function percent(part, whole) {
  return whole === 0 ? 'n/a' : `${((100 * part) / whole).toFixed(1)}%`;
}
