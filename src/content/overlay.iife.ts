import { greeting, offer } from '../protocol/handshake';
import { startFrame } from './frame/frame';

/** Isolated entry: agrees on a channel with the page-world reader and starts watching this frame. */

const channel = `liqbands:${crypto.randomUUID()}`;
const offerChannel = () => window.dispatchEvent(new CustomEvent(offer, { detail: channel }));
window.addEventListener(greeting, offerChannel, { once: true });
offerChannel();

void startFrame(channel);
