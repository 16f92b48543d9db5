/**
 * The exchange's time. It starts at the wall clock's time and then runs `speed` times as fast; at speed 0 it stands
 * still until stepped.
 */
export class ReplayClock {
  #anchorWall: number;
  #anchorTime: number;
  #speed: number;

  constructor(
    private readonly wall: () => number,
    speed: number,
  ) {
    this.#anchorWall = wall();
    this.#anchorTime = this.#anchorWall;
    this.#speed = speed;
  }

  get speed(): number {
    return this.#speed;
  }

  now(): number {
    return Math.floor(this.#anchorTime + (this.wall() - this.#anchorWall) * this.#speed);
  }

  setSpeed(speed: number): void {
    if (!(speed >= 0 && Number.isFinite(speed)))
      throw new RangeError(`speed must be a finite number ≥ 0, got ${speed}`);
    this.#anchorTime = this.now();
    this.#anchorWall = this.wall();
    this.#speed = speed;
  }

  /** Moves the clock forward by `ms`, on top of what passes by itself. */
  step(ms: number): void {
    if (!(ms >= 0 && Number.isFinite(ms))) throw new RangeError(`advance needs a time ≥ 0 ms, got ${ms}`);
    this.#anchorTime += ms;
  }
}
