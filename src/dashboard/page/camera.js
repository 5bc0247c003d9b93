import { byId, setText } from './dom.js';

/** Shows pictures on a canvas, the newest only: one that is overtaken while another is decoded is skipped. */
export class Screen {
  #canvas;
  #context;
  #waiting;
  #busy = false;

  constructor(canvas) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d');
  }

  show(picture) {
    this.#waiting = picture;
    if (!this.#busy) this.#work();
  }

  clear() {
    this.#waiting = undefined;
    this.#context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    this.#canvas.dataset.pictures = '0';
  }

  async #work() {
    this.#busy = true;
    while (this.#waiting !== undefined) {
      const { file, width, height } = this.#waiting;
      this.#waiting = undefined;
      try {
        const image = await createImageBitmap(file);
        const canvas = this.#canvas;
        if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
        this.#context.drawImage(image, 0, 0);
        image.close();
        canvas.dataset.pictures = String(Number(canvas.dataset.pictures ?? 0) + 1);
      } catch {
        // A damaged picture is followed by another.
      }
    }
    this.#busy = false;
  }
}

/** The camera and, where there is a network with eyes, what it sees. */
export function showPictures(connection) {
  const camera = new Screen(byId('camera'));
  const eyes = new Screen(byId('eyes'));
  connection.addEventListener('camera', ({ detail }) => {
    byId('screen-hint').hidden = true;
    byId('stage').classList.add('with-picture');
    camera.show(detail);
  });
  connection.addEventListener('eyes', ({ detail }) => {
    const { width, height, pictures } = detail;
    byId('eyes-card').hidden = false;
    byId('eyes').style.aspectRatio = `${width} / ${height}`;
    setText(byId('eyes-size'), `${pictures} × ${width / pictures} × ${height} pixels`);
    eyes.show(detail);
  });
  connection.addEventListener('session', () => {
    camera.clear();
    eyes.clear();
    byId('screen-hint').hidden = false;
    byId('stage').classList.remove('with-picture');
    byId('eyes-card').hidden = true;
  });
}
