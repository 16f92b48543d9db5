import { greeting, offer } from '../protocol/handshake';
import { findChart } from './finder/finder';

/** Isolated entry of every frame: agrees on a channel with the page-world reader and looks for a chart. */

const channel = `liqbands:${crypto.randomUUID()}`;
const offerChannel = () => window.dispatchEvent(new CustomEvent(offer, { detail: channel }));
window.addEventListener(greeting, offerChannel, { once: true });
offerChannel();

findChart(channel);
