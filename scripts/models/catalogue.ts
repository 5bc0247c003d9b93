import { embeddedValidation, learningTasks, slowAndFast } from '../learning/tasks.ts';

/** A policy that is kept in `models`: how it was made, and what it has to show. */
export interface Model {
  readonly title: string;
  /** Commands that made what it learned from: words after `torcs-pilot`, `{runs}` the folder of the runs. */
  readonly before?: readonly (readonly string[])[];
  /** Words after `train`, the seed among them. */
  readonly train: readonly string[];
  /** What it saw: told in the table. */
  readonly data: string;
  /** Words after `evaluate POLICY`: the figures of the table. */
  readonly evaluate: readonly string[];
  /** The same, shorter: what is checked again and again. Default: `evaluate`. */
  readonly check?: readonly string[];
  /** It drives in the real game, which has to be there for it to be made and judged. */
  readonly simulator?: 'torcs';
  /** The least mean return of `check`; driving: of the tracks of `check`, how many it laps. */
  readonly least: number;
}

const classic = ['--episodes', '100', '--seed', '1000000'];
/** The track that both learned on, and three that they never saw. */
const learnedAndUnseen = ['--tracks', 'harbour-oval,willow-park,copper-bowl,broad-heath', '--episodes', '1'];
/** What two models are cloned from. */
const scriptedFrames = {
  before: [['record', '--frames', '20000', '--out', '{runs}/driving-clone-frames']],
  data: '20,000 pictures of the scripted driver on 8 training tracks and 10 generated ones',
} satisfies Partial<Model>;
const clonedInTheGame = learningTasks['driving-clone-torcs'];
const classicCheck = ['--episodes', '20', '--seed', '1000000'];

export const models: Readonly<Record<string, Model>> = {
  pendulum: {
    title: 'pendulum from state, DDPG',
    train: ['--environment', 'pendulum', '--seed', '0'],
    data: '20,000 steps',
    evaluate: classic,
    check: classicCheck,
    least: -180,
  },
  'pendulum-pixels': {
    title: 'pendulum from pixels, TD3',
    train: ['--environment', 'pendulum', '--observe', 'pixels', '--seed', '0'],
    data: '8,000 steps',
    evaluate: classic,
    check: classicCheck,
    least: -220,
  },
  'pendulum-recurrent': {
    title: 'pendulum, velocity hidden, recurrent TD3',
    train: ['--environment', 'pendulum', '--hide-velocity', '--encoder', 'recurrent', '--seed', '0'],
    data: '12,000 steps',
    evaluate: classic,
    check: classicCheck,
    least: -220,
  },
  'inverted-pendulum': {
    title: 'inverted pendulum from state, TD3',
    train: ['--environment', 'inverted-pendulum', '--seed', '0'],
    data: '60,000 steps',
    evaluate: classic,
    check: ['--episodes', '5', '--seed', '1000000'],
    least: 1000,
  },
  reacher: {
    title: 'reacher from state, TD3',
    train: ['--environment', 'reacher', '--seed', '0'],
    data: '100,000 steps',
    evaluate: classic,
    check: classicCheck,
    least: -5,
  },
  'driving-state': {
    title: 'driving from state, TD3, from nothing',
    train: ['--environment', 'driving', '--seed', '0'],
    data: '25,000 decisions on harbour-oval',
    evaluate: learnedAndUnseen,
    check: ['--tracks', 'harbour-oval', '--episodes', '1'],
    least: 1,
  },
  'driving-torcs': {
    title: 'driving from state in the real game, TD3, from nothing',
    train: ['--environment', 'driving', '--simulator', 'torcs', '--seed', '3'],
    data: '150,000 decisions on 15 of the game’s tracks; of those judged here all but g-track-1 and e-track-5 are others',
    evaluate: [
      ...['--tracks', 'g-track-1,e-track-5,eroad,aalborg,brondehach,corkscrew,e-track-3,e-track-6,alpine-2'],
      ...['--episodes', '1'],
    ],
    check: ['--tracks', 'g-track-1', '--episodes', '1'],
    simulator: 'torcs',
    least: 1,
  },
  'driving-pixels': {
    title: 'driving from pixels, TD3, from nothing',
    train: ['--environment', 'driving', '--observe', 'pixels', '--threads', '1', '--seed', '1'],
    data: '18,000 decisions on harbour-oval',
    evaluate: learnedAndUnseen,
    check: ['--tracks', 'broad-heath', '--episodes', '1'],
    least: 1,
  },
  'driving-clone-torcs': {
    title: 'driving from pixels in the real game, cloned',
    before: clonedInTheGame.record.map((words) => ['record', ...words, '--out', '{runs}/driving-clone-torcs-frames']),
    train: [...clonedInTheGame.train, '--from', '{runs}/driving-clone-torcs-frames', '--threads', '1', '--seed', '1'],
    data: '20,000 pictures of the scripted driver on 6 tracks, much disturbed, and 12,000 of four rounds of DAgger',
    evaluate: ['--tracks', 'g-track-3,brondehach,aalborg,eroad', '--episodes', '1'],
    check: ['--tracks', 'g-track-3', '--episodes', '1'],
    simulator: 'torcs',
    least: 1,
  },
  'driving-taught-torcs': {
    title: 'driving from pixels in the real game, taught by a policy that learnt from state, from nothing',
    before: [
      ['train', '--environment', 'driving', '--simulator', 'torcs', '--seed', '0', '--out', '{runs}/driving-torcs-0'],
      [
        ...['record', '--simulator', 'torcs', '--expert', '{runs}/driving-torcs-0/policy-best', '--frames', '9000'],
        ...['--tracks', 'g-track-1,g-track-2,forza', '--camera', '256x256', '--episode-seconds', '30'],
        ...['--out', '{runs}/driving-taught-torcs-frames'],
      ],
    ],
    train: [
      ...['--algorithm', 'clone', '--simulator', 'torcs', '--preset', 'driving-clone'],
      ...['--from', '{runs}/driving-taught-torcs-frames'],
      ...['--dagger', '5', '--dagger-frames', '2400', '--expert', '{runs}/driving-torcs-0/policy-best'],
      ...['--tracks', 'g-track-1,g-track-2,forza', '--evaluation-tracks', 'g-track-1,g-track-2,forza'],
      ...['--steps', '6000', '--threads', '1', '--set', 'actorLearningRate={"from":1e-3,"to":5e-5,"over":6000}'],
      ...['--set', 'randomShift=0', '--set', 'camera={"width":256,"height":256,"view":"road"}', '--set'],
      'pixels={"colour":"blue","stack":3,"width":128,"height":48,"crop":{"left":0,"top":122,"width":256,"height":48}}',
    ],
    data: '9,000 pictures of its teacher’s drives and 12,000 of five rounds of DAgger, on g-track-1, g-track-2 and forza',
    evaluate: ['--tracks', 'g-track-1,g-track-2,forza', '--episodes', '1'],
    check: ['--tracks', 'g-track-2', '--episodes', '1'],
    simulator: 'torcs',
    least: 1,
  },
  'driving-pixels-torcs': {
    title: 'driving from pixels in the real game, TD3, from nothing',
    train: [
      ...['--environment', 'driving', '--simulator', 'torcs', '--observe', 'pixels'],
      ...['--threads', '1', '--seed', '0'],
    ],
    data: '24,000 decisions on g-track-1',
    evaluate: ['--tracks', 'g-track-1,g-track-2', '--episodes', '1'],
    check: ['--tracks', 'g-track-1', '--episodes', '1'],
    simulator: 'torcs',
    least: 1,
  },
  'driving-clone': {
    title: 'driving from pixels, cloned',
    ...scriptedFrames,
    train: ['--algorithm', 'clone', '--from', '{runs}/driving-clone-frames', '--threads', '1', '--seed', '0'],
    evaluate: embeddedValidation,
    check: ['--tracks', 'copper-bowl', '--episodes', '1'],
    least: 1,
  },
  'driving-clone-recurrent': {
    title: 'driving from single pictures with memory, cloned',
    ...scriptedFrames,
    train: [
      ...['--algorithm', 'clone', '--encoder', 'recurrent', '--from', '{runs}/driving-clone-frames'],
      ...['--threads', '1', '--seed', '2'],
    ],
    evaluate: embeddedValidation,
    check: ['--tracks', 'copper-bowl', '--episodes', '1'],
    least: 1,
  },
  'driving-offline': {
    title: 'driving from pixels, TD3+BC',
    before: slowAndFast.map((words) => ['record', ...words, '--out', '{runs}/driving-offline-frames']),
    train: [
      ...['--algorithm', 'td3', '--offline', '--observe', 'pixels', '--from', '{runs}/driving-offline-frames'],
      ...['--threads', '1', '--seed', '1'],
    ],
    data: '20,000 pictures of a slow and a fast scripted driver on 8 training tracks and 10 generated ones',
    evaluate: embeddedValidation,
    check: ['--tracks', 'broad-heath', '--episodes', '1'],
    least: 1,
  },
};
