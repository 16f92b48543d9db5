import { type Plan, Soak } from './bench-soak';

/** The process of the undisturbed run: the plan as JSON, and the outcome told to the parent. */

const plan = JSON.parse(process.argv[2]!) as Plan;
process.send!(await new Soak(plan).run(false));
