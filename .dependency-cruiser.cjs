// Who may import what: docs/decisions/0001-the-house.md. Tiers from low to high; a feature imports only from lower ones.
const tiers = [
  ['people', 'layers'],
  ['places', 'cases', 'messages'],
  ['reports', 'works', 'eservices', 'participation', 'news', 'schools', 'building', 'print'],
  ['work', 'crm', 'search', 'here', 'opendata', 'insights'],
]
const features = tiers.flat()
const upward = tiers.map((tier, index) => ({
  name: `tier-${index + 1}-imports-only-lower-tiers`,
  severity: 'error',
  from: { path: `^backend/(${tier.join('|')})/` },
  to: { path: `^backend/(${tiers.slice(index).flat().join('|')})/`, pathNot: '^backend/$1/' },
}))

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'core-knows-no-feature',
      severity: 'error',
      from: { path: '^backend/core/' },
      to: { path: '^backend/(?!core/)' },
    },
    {
      name: 'contracts-import-only-zod-and-contracts',
      severity: 'error',
      from: { path: '^backend/.*contract\\.ts$' },
      to: { pathNot: ['contract\\.ts$', '^node_modules/zod/'] },
    },
    {
      name: 'features-meet-at-service-and-contract',
      severity: 'error',
      from: { path: `^backend/(${features.join('|')})/` },
      to: {
        path: `^backend/(${features.join('|')})/`,
        pathNot: ['^backend/$1/', '/(contract|service)\\.ts$'],
      },
    },
    ...upward,
    {
      name: 'web-imports-only-contracts-of-backend',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^backend/', pathNot: 'contract\\.ts$' },
    },
    {
      name: 'web-ui-knows-no-feature',
      severity: 'error',
      from: { path: '^web/src/ui/' },
      to: { path: '^(web/src/(?!ui/)|backend/)' },
    },
    {
      name: 'web-features-do-not-import-each-other',
      severity: 'error',
      from: { path: '^web/src/(?!app/|core/|ui/|map/)([^/]+)/' },
      to: { path: '^web/src/(?!core/|ui/|map/)([^/]+)/', pathNot: '^web/src/$1/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
}
