import { TorcsSimulator } from '../../../../torcs-client/torcs/simulator/index.ts';
import { steadyControls } from '../../../../torcs-client/torcs/simulator/steady-driver.ts';
import { requireTorcs } from '../../../../torcs-client/torcs/status/status.ts';

// Started by failures.test.ts, which kills it in the middle of the race.
const simulator = await TorcsSimulator.launch({ build: await requireTorcs() });
let sensors = await simulator.reset();
console.log(simulator.processId);
for (;;) sensors = simulator.raceOver ? await simulator.reset() : await simulator.step(steadyControls(sensors));
