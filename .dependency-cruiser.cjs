/** Imports only go down: floor 2 (src/cli, scripts, test) on floor 1 (folders of src) on floor 0 (src/core, torcs-client). */
const floorOne = 'simulator|environments|frames|backend|agents|replay|recordings|training|video|dashboard|plots|export';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'torcs-client-imports-nothing-from-src',
      severity: 'error',
      from: { path: '^torcs-client/' },
      to: { path: '^(src|scripts|test)/' },
    },
    {
      name: 'core-imports-only-types-of-torcs-client',
      severity: 'error',
      from: { path: '^src/core/' },
      to: {
        path: '^(src/(?!core/)|scripts/|test/|torcs-client/(?!(errors|nearest|options|sensors|controls|simulator)\\.ts))',
      },
    },
    {
      name: 'floor-one-imports-no-sibling',
      severity: 'error',
      from: { path: `^src/(${floorOne})/` },
      to: { path: `^src/(${floorOne}|cli)/`, pathNot: '^src/$1/' },
    },
    {
      name: 'floor-one-sees-interfaces-not-sockets',
      comment: 'A simulator, a server or a client is passed in by src/cli/compose; floor 1 knows the interfaces only.',
      severity: 'error',
      from: { path: `^src/(${floorOne})/` },
      to: { path: '^(scripts|test)/|^torcs-client/(client|server|camera|torcs)/' },
    },
    {
      name: 'product-imports-no-test',
      severity: 'error',
      from: { path: '^(src|torcs-client)/' },
      to: { path: '^(test|scripts)/' },
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-dependency-in-product',
      severity: 'error',
      from: { path: '^(src|torcs-client|bin)/' },
      to: { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/@types' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
