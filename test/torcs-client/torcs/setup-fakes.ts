import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { CommandResult, TorcsHost } from '../../../torcs-client/torcs/installation/host.ts';
import { BUILD_PACKAGES, GAME_PACKAGES } from '../../../torcs-client/torcs/installation/packages.ts';

/** A temporary folder that goes when the test ends. */
export function temporaryFolder(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'torcs-pilot-test-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files, by their paths below a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

const LIBRARY = 'usr/lib/x86_64-linux-gnu/torcs';
const DATA = 'usr/share/games/torcs';

const robotXml = (name: string, indices: readonly number[]) =>
  `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE params SYSTEM "../../libs/tgf/params.dtd">
<params name="${name}" type="robotdef"><section name="Robots"><section name="index">
${indices
  .map(
    (index) => `<section name="${index}"><attstr name="name" val="${name} ${index}"/>
  <attstr name="car name" val="car7-trb1"></attstr><attnum name="red" val="0.5"/></section>`,
  )
  .join('\n')}
</section></section></params>`;

/** The part of an installed game that our code looks at, with made-up contents. */
const gameFiles: Readonly<Record<string, string>> = {
  [`${LIBRARY}/lib/libtgf.so`]: 'tgf',
  [`${LIBRARY}/modules/simu/simuv2.so`]: 'simuv2',
  [`${LIBRARY}/drivers/berniw/berniw.so`]: 'berniw',
  [`${LIBRARY}/drivers/bt/bt.so`]: 'bt',
  [`${LIBRARY}/drivers/human/human.so`]: 'human',
  [`${DATA}/drivers/berniw/berniw.xml`]: robotXml('berniw', [1, 2]),
  [`${DATA}/drivers/bt/bt.xml`]: robotXml('bt', [0]),
  [`${DATA}/drivers/human/human.xml`]: robotXml('human', [1]),
  [`${DATA}/cars/car1-trb1/car1-trb1.xml`]: '<params/>',
  [`${DATA}/cars/car7-trb1/car7-trb1.xml`]: '<params/>',
  [`${DATA}/tracks/road/g-track-1/g-track-1.xml`]: '<params/>',
  [`${DATA}/tracks/road/g-track-2/g-track-2.xml`]: '<params/>',
  [`${DATA}/tracks/dirt/dirt-1/dirt-1.xml`]: '<params/>',
  [`${DATA}/tracks/dirt/not-a-track/readme.txt`]: '',
  [`${DATA}/config/graph.xml`]: `<?xml version="1.0" encoding="UTF-8"?>
<!-- by Espi\u00e9 --><!DOCTYPE params SYSTEM "params.dtd">
<params name="graph" type="param" mode="mw">
<section name="Graphic"><attnum name="fov factor" val="2.0"/></section>
<section name="Display Mode"><section name="Player"><attnum name="camera" val="0"/></section></section></params>`,
  [`${DATA}/config/raceengine.xml`]:
    '<params name=""><section name="Modules"><attstr name="simu" val="simuv2"/></section></params>',
  [`${DATA}/config/screen.xml`]:
    '<params name="screen"><section name="Screen Properties"><attnum name="x" val="640"/><attnum name="y" val="480"/>' +
    '<attstr name="fullscreen" in="yes,no" val="no"/></section></params>',
  [`${DATA}/config/sound.xml`]:
    '<params name="sound"><section name="Sound Settings"><attstr name="state" val="openal"/></section></params>',
  [`${DATA}/config/raceman/quickrace.xml`]: '<params/>',
};

const DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n';

/** What a fake machine is like; tests change it between runs. */
export interface FakeMachine {
  readonly root: string;
  readonly cacheFolder: string;
  readonly robotFolder: string;
  readonly host: TorcsHost;
  /** Every command that was run, as one line each. */
  readonly commands: string[];
  /** Version by name of package. */
  readonly installed: Map<string, string>;
  /** What apt would install, and what source the archive has. */
  archive: { torcs: string | undefined; source: string };
  /** Makes a command fail or do something else: return undefined to leave it as it is. */
  intervene: (line: string) => CommandResult | undefined;
  installGame(): void;
}

/** A machine with Debian on it, an archive in reach, and nothing of ours installed. */
export function fakeMachine(t: ExecutionContext, options: { readonly userId?: number } = {}): FakeMachine {
  const folder = temporaryFolder(t);
  const root = join(folder, 'root');
  writeFiles(root, {
    'etc/os-release': DEBIAN,
    'usr/bin/apt-get': '',
    'etc/apt/sources.list': 'deb http://deb.debian.org/debian bookworm main\n',
    'etc/apt/sources.list.d/other.sources':
      'Types: deb\nURIs: https://elsewhere.example/apt\nSuites: stable\nComponents: main\n',
  });
  const robotFolder = join(folder, 'robot');
  const target = { sources: ['part.cpp'], torcsSources: [], libraries: ['tgf'] };
  writeFiles(robotFolder, {
    'part.cpp': 'int part() { return 1; }\n',
    'torcs_pilot.xml': robotXml('torcs_pilot', [0, 1]),
    'build.json': JSON.stringify({
      robot: target,
      runner: { ...target, torcsSources: ['linux/linuxspec.cpp'] },
      robotDefinition: 'torcs_pilot.xml',
    }),
  });

  const done = (stdout = ''): CommandResult => ({ code: 0, stdout, stderr: '' });
  const failed = (stderr: string): CommandResult => ({ code: 100, stdout: '', stderr });
  const version = (name: string) => (name.startsWith('torcs') ? (machine.archive.torcs ?? '') : '1.0-1');
  const perform = (command: string, args: readonly string[], workingFolder: string): CommandResult => {
    const last = args.at(-1) ?? '';
    if (command === 'dpkg-query') return done(args.slice(2).map(describePackage).join(''));
    if (command === 'apt-cache') {
      const candidate = machine.archive.torcs ?? '(none)';
      return done(
        `torcs:\n  Candidate: ${candidate}\n     500 http://deb.debian.org/debian bookworm/main amd64 Packages\n`,
      );
    }
    if (command === 'apt-get' && last === 'update') {
      if (!args.some((word) => word.startsWith('Dir::'))) writeFiles(root, { 'var/lib/apt/lists/debian_Packages': '' });
      return done();
    }
    if (command === 'apt-get' && args.includes('install')) {
      for (const name of [...GAME_PACKAGES, ...BUILD_PACKAGES]) {
        if (args.includes(name)) machine.installed.set(name, version(name));
      }
      if (args.includes('torcs')) writeFiles(root, gameFiles);
      return done();
    }
    if (command === 'apt-get' && args.includes('--print-uris')) {
      const file = `torcs_${machine.archive.source}.orig.tar.xz`;
      return done(`'http://deb.debian.org/${file}' ${file} 394138200 SHA256:00\n`);
    }
    if (command === 'apt-get' && args.includes('--download-only')) {
      writeFiles(workingFolder, { [`torcs_${machine.archive.source}.orig.tar.xz`]: 'archive' });
      return done();
    }
    if (command === 'tar') {
      writeFiles(args[args.indexOf('-C') + 1] ?? '', {
        'src/interfaces/car.h': 'struct tCarElt;',
        'src/libs/tgf/tgf.h': 'void GfInit();',
        'src/libs/math/v2_t.h': '',
        'src/linux/linuxspec.cpp': 'void LinuxSpecInit() {}',
      });
      return done();
    }
    if (command === 'g++') {
      writeFileSync(args[args.indexOf('-o') + 1] ?? '', args.join(' '));
      return done();
    }
    return failed(`${command}: the fake machine does not know that`);
  };
  const describePackage = (name: string): string => {
    const installed = machine.installed.get(name);
    if (installed === undefined) return '';
    const source = installed.replace(/\+b\d+$/, '');
    return `${name}:amd64\t${installed}\t${source}\t${source.replace(/-[^-]*$/, '')}\tinstalled\n`;
  };

  const machine: FakeMachine = {
    ...{ root, robotFolder },
    cacheFolder: join(folder, 'cache'),
    commands: [],
    installed: new Map(),
    archive: { torcs: '1.3.7+dfsg-5+b2', source: '1.3.7+dfsg' },
    intervene: () => undefined,
    host: {
      platform: 'linux',
      architecture: 'x64',
      userId: options.userId ?? 0,
      environment: {},
      fileRoot: root,
      run: async (command, args, commandOptions) => {
        const line = [command, ...args].join(' ');
        machine.commands.push(line);
        return machine.intervene(line) ?? perform(command, args, commandOptions?.workingFolder ?? '/nonexistent');
      },
    },
    installGame() {
      for (const name of [...GAME_PACKAGES, ...BUILD_PACKAGES]) machine.installed.set(name, version(name));
      writeFiles(root, gameFiles);
    },
  };
  return machine;
}
