import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { atField } from '../domain/errors.js';
import type { MemoryAuditResult } from '../jobs/task-results.js';
import type { TaskHandler } from '../jobs/tasks.js';
import { auditMemory, AUDIT_DEFAULTS } from '../memory/audit/audit.js';
import type { Finding } from '../memory/audit/findings.js';
import { formatReference } from '../memory/reference.js';
import type { MemoryTools } from './memory-tools.js';
import { fileName, memoryReference, parseInput } from './shapes.js';

const auditShape = z.strictObject({
  memory: memoryReference,
  /** Where the findings go, a JSON line each. */
  out: fileName,
  k: z.number().int().min(5).max(256).default(AUDIT_DEFAULTS.k),
  agreement: z.number().min(0.5).max(1).default(AUDIT_DEFAULTS.agreement),
  minimumEntries: z.number().int().min(1).default(AUDIT_DEFAULTS.minimumEntries),
});
export type MemoryAuditInput = z.infer<typeof auditShape>;

/** Looks for what is wrong with a memory and writes the findings for a curator to decide. */
export function memoryAuditTask(
  tools: Pick<MemoryTools, 'memoriesDir' | 'schema' | 'outputPath'>,
): TaskHandler<MemoryAuditInput, MemoryAuditResult> {
  return {
    kind: 'memory-audit',
    parse: (json) => parseInput(auditShape, json),
    run: async ({ memory, out, ...settings }, { progress, signal }) => {
      const audit = auditMemory({
        ...tools,
        ...settings,
        reference: memory,
        signal,
        onProgress: (done, total) => {
          progress({ done, total, step: 'asking neighbours' });
        },
      });
      const report = await atField(['memory'], audit);
      const path = await tools.outputPath(out, ['out']);
      await pipeline(Readable.from(linesOf(report.findings)), createWriteStream(path));
      return {
        memory: formatReference(report.memory, report.version),
        entries: report.entries,
        findings: { ...report.countsByKind },
        files: [out],
      };
    },
  };
}

/** With an empty `action` for the curator to fill in. */
function* linesOf(findings: readonly Finding[]): Generator<string> {
  for (const finding of findings) yield `${JSON.stringify({ ...finding, action: null })}\n`;
}
