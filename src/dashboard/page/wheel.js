/** What a person does with keys, gamepad and fingers, made into steering and pedals. */

/** How often the wheel is read and told, ms. */
const INTERVAL_MS = 50;
/** Full way of a pedal, and of the steering to one side and back, in one second times this. */
const PEDAL_RATE = 5;
const STEER_RATE = 2.6;
const RETURN_RATE = 5;
/** At this speed the keys turn the wheel half as far, km/h. */
const HALF_STEER_KMH = 75;
const STICK_REST = 0.08;
const REVERSE_BELOW_KMH = 2;

const KEYS = {
  ArrowLeft: 'left',
  KeyA: 'left',
  ArrowRight: 'right',
  KeyD: 'right',
  ArrowUp: 'accelerate',
  KeyW: 'accelerate',
  ArrowDown: 'brake',
  KeyS: 'brake',
};

export class WheelInput {
  #held = new Set();
  #steer = 0;
  #accelerate = 0;
  #brake = 0;
  #reversing = false;
  #timer;
  #toggleHeld = false;
  #send;
  #speedOf;
  /** Called when the gamepad's button for the wheel is pressed. */
  onToggle = () => {};

  /** @param send gets the input; @param speedOf gives the car's speed, km/h */
  constructor(send, speedOf) {
    this.#send = send;
    this.#speedOf = speedOf;
    addEventListener('keydown', (event) => this.#key(event, true));
    addEventListener('keyup', (event) => this.#key(event, false));
    // Keys that go up elsewhere are never heard of.
    addEventListener('blur', () => this.#held.clear());
    for (const button of document.querySelectorAll('[data-touch]')) this.#listenTo(button);
    setInterval(() => this.#lookForToggle(), 100);
  }

  get driving() {
    return this.#timer !== undefined;
  }

  start() {
    if (this.driving) return;
    Object.assign(this, { lastMs: performance.now() });
    this.#steer = this.#accelerate = this.#brake = 0;
    this.#reversing = false;
    this.#timer = setInterval(() => this.#tell(), INTERVAL_MS);
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#held.clear();
  }

  #key(event, down) {
    const action = KEYS[event.code];
    if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (down && (!this.driving || event.target.closest?.('input, select, textarea, dialog') !== null)) return;
    if (this.driving) event.preventDefault();
    if (down) this.#held.add(action);
    else this.#held.delete(action);
  }

  #listenTo(button) {
    const action = button.dataset.touch;
    button.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      button.setPointerCapture(event.pointerId);
      this.#held.add(action);
    });
    for (const end of ['pointerup', 'pointercancel', 'lostpointercapture']) {
      button.addEventListener(end, () => this.#held.delete(action));
    }
  }

  #tell() {
    // Who looks elsewhere does not drive, and a hidden page hears no keys.
    if (document.hidden) return this.#send({ type: 'input', steer: 0, accelerate: 0, brake: 1, reverse: false });
    const now = performance.now();
    // A page that was hidden wakes late: it must not jump.
    const elapsedS = Math.min(0.1, (now - this.lastMs) / 1000);
    this.lastMs = now;
    this.#move(elapsedS);
    const pad = gamepad();
    let [steer, accelerate, brake] = [this.#steer, this.#accelerate, this.#brake];
    if (pad !== undefined) {
      const stick = pad.axes[0] ?? 0;
      // The middle of a stick is where one steers finely.
      if (Math.abs(stick) > STICK_REST) steer = -Math.sign(stick) * stick * stick;
      accelerate = Math.max(accelerate, pad.buttons[7]?.value ?? 0);
      brake = Math.max(brake, pad.buttons[6]?.value ?? 0);
    }
    this.#chooseDirection(accelerate, brake);
    const message = this.#reversing
      ? { steer, accelerate: brake, brake: accelerate, reverse: true }
      : { steer, accelerate, brake, reverse: false };
    this.#send({ type: 'input', ...message });
  }

  /** At rest the brake becomes the accelerator backwards, until the accelerator is pressed. */
  #chooseDirection(accelerate, brake) {
    const slow = Math.abs(this.#speedOf()) < REVERSE_BELOW_KMH;
    if (!this.#reversing && slow && brake > 0.5 && accelerate === 0) this.#reversing = true;
    else if (this.#reversing && accelerate > 0 && (slow || this.#speedOf() > 0)) this.#reversing = false;
  }

  #move(elapsedS) {
    const held = (action) => this.#held.has(action);
    const limit = 1 / (1 + (Math.abs(this.#speedOf()) / HALF_STEER_KMH) ** 1.5);
    const target = ((held('left') ? 1 : 0) - (held('right') ? 1 : 0)) * Math.max(0.1, limit);
    const returns = Math.abs(target) < Math.abs(this.#steer) || target * this.#steer < 0;
    this.#steer = approach(this.#steer, target, (returns ? RETURN_RATE : STEER_RATE) * elapsedS);
    this.#accelerate = approach(this.#accelerate, held('accelerate') ? 1 : 0, PEDAL_RATE * elapsedS);
    this.#brake = approach(this.#brake, held('brake') ? 1 : 0, PEDAL_RATE * elapsedS);
  }

  #lookForToggle() {
    const pressed = gamepad()?.buttons[3]?.pressed === true;
    if (pressed && !this.#toggleHeld) this.onToggle();
    this.#toggleHeld = pressed;
  }
}

function gamepad() {
  return navigator.getGamepads?.().find((pad) => pad?.connected) ?? undefined;
}

function approach(value, target, step) {
  return Math.abs(target - value) <= step ? target : value + Math.sign(target - value) * step;
}
