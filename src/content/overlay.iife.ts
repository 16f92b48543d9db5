import { startFrame } from './frame/frame';
import { greeting, offer } from './frame/handshake';

/** Isolated entry: agrees on a channel with the page-world reader and starts watching this frame. */

const channel = `liqbands:${crypto.randomUUID()}`;
const offerChannel = () => window.dispatchEvent(new CustomEvent(offer, { detail: channel }));
window.addEventListener(greeting, offerChannel, { once: true });
offerChannel();

void startFrame(channel);
