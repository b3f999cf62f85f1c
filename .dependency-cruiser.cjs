/** Imports point one way; this file is the only place that says which. */
const PURE_LIBRARIES =
  '^node_modules/(@noble/hashes|any-ascii|luxon|@types/luxon|sms-segments-calculator|libphonenumber-js)/';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: '^lib/domain' },
      to: { pathNot: ['^lib/domain', PURE_LIBRARIES] },
    },
    {
      name: 'ports-speak-domain',
      severity: 'error',
      from: { path: '^lib/ports' },
      to: { pathNot: ['^lib/(domain|ports)'] },
    },
    {
      name: 'use-cases-see-ports',
      severity: 'error',
      from: { path: '^lib/use-cases' },
      to: { pathNot: ['^lib/(domain|ports|use-cases)', 'node_modules/p-limit/'] },
    },
    {
      name: 'adapters-stand-apart',
      severity: 'error',
      from: { path: '^lib/(adapters|signals)' },
      to: { path: '^(lib/(use-cases|local|cli|console|config)|functions|infra)' },
    },
    {
      name: 'config-stands-apart',
      severity: 'error',
      from: { path: '^lib/config' },
      to: { path: '^(lib/(use-cases|adapters|signals|local|cli)|functions|infra)' },
    },
    {
      name: 'product-knows-no-test',
      severity: 'error',
      from: { path: '^(lib|functions|infra)' },
      to: { path: '^test' },
    },
    {
      name: 'client-and-fake-share-nothing',
      severity: 'error',
      from: { path: '^lib/local/fake-signals' },
      to: { path: '^lib/(signals|domain|use-cases|ports|adapters)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)cdk\\.out/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
