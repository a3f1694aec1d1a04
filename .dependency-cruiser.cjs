/** The boundaries of docs/architecture.md: which part of src may know which. */
const parts = {
  domain: [],
  files: [],
  datasets: ['domain'],
  inference: ['domain'],
  memory: ['domain', 'files', 'datasets', 'inference'],
  extraction: ['domain', 'inference', 'memory'],
  store: ['domain', 'files'],
  identity: ['domain', 'store'],
  jobs: ['domain', 'extraction', 'store'],
  curation: ['domain', 'memory', 'store'],
  evaluation: ['domain', 'files', 'datasets', 'inference', 'memory', 'extraction'],
  graphql: [
    'domain',
    'datasets',
    'inference',
    'memory',
    'extraction',
    'store',
    'jobs',
    'curation',
    'identity',
    'evaluation',
  ],
};

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    ...Object.entries(parts).map(([part, allowed]) => ({
      name: `boundary-of-${part}`,
      severity: 'error',
      from: { path: `^src/${part}/` },
      to: { path: '^src/', pathNot: `^src/(${[part, ...allowed].join('|')})/` },
    })),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
  },
};
