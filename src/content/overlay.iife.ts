import { takeHandover } from './finder/handover';
import { startFrame } from './frame/frame';

/** The overlay's entry, run by the worker in frames that have a chart: takes over from the finder. */

const handover = takeHandover();
if (handover) startFrame(handover);
