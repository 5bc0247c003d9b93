import test from 'ava';
import { parseListFile, parseSourcesFile, sourcesOfPackage } from '../../../torcs-client/torcs/setup/apt-sources.ts';

test('one-line sources become source packages, with their options', (t) => {
  const sources = parseListFile(
    [
      '# deb http://commented.example/debian bookworm main',
      'deb [arch=amd64 signed-by=/usr/share/keyrings/a.gpg] http://deb.debian.org/debian/ bookworm main contrib # why',
      'deb-src http://deb.debian.org/debian bookworm main',
      '  deb\thttp://archive.ubuntu.com/ubuntu\tjammy universe',
      'deb http://flat.example/ ./',
      'nonsense',
    ].join('\n'),
  );
  t.deepEqual(
    sources.map((source) => source.text),
    [
      'deb-src [arch=amd64 signed-by=/usr/share/keyrings/a.gpg] http://deb.debian.org/debian/ bookworm main contrib\n',
      'deb-src http://archive.ubuntu.com/ubuntu jammy universe\n',
      'deb-src http://flat.example/ ./\n',
    ],
  );
  t.deepEqual(sources[0]?.uris, ['http://deb.debian.org/debian']);
});

const UBUNTU = `# Ubuntu's own file
Types: deb deb-src
URIs: mirror+file:/etc/apt/apt-mirrors.txt
# a comment within
Suites: noble noble-updates
Components: main universe
Architectures: amd64
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBFit
 -----END PGP PUBLIC KEY BLOCK-----

Enabled: no
Types: deb
URIs: http://disabled.example/
Suites: noble
Components: main

Types: deb-src
URIs: http://only-sources.example/
Suites: noble
Components: main
`;

test('deb822 stanzas become source packages, keys included, and disabled ones do not', (t) => {
  t.deepEqual(parseSourcesFile(UBUNTU), [
    {
      uris: ['mirror+file:/etc/apt/apt-mirrors.txt'],
      suites: ['noble', 'noble-updates'],
      format: 'sources',
      text:
        'Types: deb-src\nURIs: mirror+file:/etc/apt/apt-mirrors.txt\nSuites: noble noble-updates\n' +
        'Components: main universe\nSigned-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQINBFit\n' +
        ' -----END PGP PUBLIC KEY BLOCK-----\n',
    },
  ]);
});

test("only a package's own archive is asked; where apt names none, all are", (t) => {
  const sources = parseListFile(
    'deb http://deb.debian.org/debian bookworm main\ndeb https://elsewhere.example/apt stable main\n',
  );
  const policy = `torcs:
  Installed: 1.3.7+dfsg-5+b2
  Version table:
 *** 1.3.7+dfsg-5+b2 500
        500 http://deb.debian.org/debian bookworm/main amd64 Packages
        100 /var/lib/dpkg/status
`;
  t.deepEqual(
    sourcesOfPackage(sources, policy).map((source) => source.uris),
    [['http://deb.debian.org/debian']],
  );
  t.is(sourcesOfPackage(sources, 'torcs:\n        100 /var/lib/dpkg/status\n').length, 2);
});
