/*
 * Types of the Bradawl browser SDK. What each thing does stands in the modules themselves and in README.md.
 */

export interface BradawlOptions extends Routing {
  /** The server's http(s) URL; the page's own by default. */
  server?: string | URL;
  /** A peer token, or a function that fetches a fresh one; it is called at every connect. */
  token: string | (() => string | Promise<string>);
  /** This peer's id, where the token is an application key (never in a public page). */
  peer?: string;
  /** Anything else for `RTCPeerConnection`. */
  rtc?: RTCConfiguration;
  /** Whether to take connections that a peer begins; all by default. */
  accept?: (peer: string) => boolean;
  /** How much may wait unconfirmed; 1,000 messages and 4 million characters by default. */
  queue?: { messages?: number; characters?: number };
}

export interface Routing {
  /** Only paths through a TURN relay, so that the other side never sees this one's addresses. */
  relayOnly?: boolean;
  /** How to reach the TURN relay. */
  relayTransport?: 'any' | 'udp' | 'tcp';
}

export interface Welcome {
  readonly type: 'welcome';
  readonly peer: string;
  readonly session: string;
  readonly resumed: boolean;
  readonly received: number;
  readonly time: string;
  readonly iceServers: RTCIceServer[];
  /** Seconds. */
  readonly ttl: number;
  /** Seconds. */
  readonly heartbeat: number;
  readonly limits: { readonly frame: number; readonly rate: number; readonly burst: number };
}

export type SignalingState = 'idle' | 'connecting' | 'open' | 'waiting' | 'closed';

export type BradawlEvents = {
  state: { state: SignalingState; problem: BradawlError | null; retryMillis: number };
  welcome: Welcome;
  message: { from: string; data: any };
  connection: Connection;
  presence: { peer: string; online: boolean; away: boolean };
  problem: BradawlError;
};

export type RoomEvents = {
  joined: string[];
  'peer-joined': string;
  'peer-left': string;
  problem: BradawlError;
};

export type ConnectionEvents = {
  state: ConnectionState;
  channel: RTCDataChannel;
  path: Path;
  stats: Path;
  problem: BradawlError;
  note: string;
};

/** An `EventTarget` whose events are `CustomEvent`s with the value in `detail`. */
declare class Emitter<Events> extends EventTarget {
  addEventListener<K extends keyof Events & string>(
    type: K,
    listener: (event: CustomEvent<Events[K]>) => void,
    options?: AddEventListenerOptions | boolean,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: AddEventListenerOptions | boolean,
  ): void;
  removeEventListener<K extends keyof Events & string>(
    type: K,
    listener: (event: CustomEvent<Events[K]>) => void,
    options?: EventListenerOptions | boolean,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: EventListenerOptions | boolean,
  ): void;
}

/** A peer of a Bradawl server: signaling, rooms, and connections to other peers. */
export class Bradawl extends Emitter<BradawlEvents> {
  constructor(options: BradawlOptions);
  readonly options: BradawlOptions;
  /** This peer's id, once the server has said it. */
  readonly peer: string | null;
  readonly state: SignalingState;
  /** Messages that the other side has not confirmed yet. */
  readonly unconfirmed: number;
  readonly connections: Connection[];
  connect(): Promise<Welcome>;
  close(): void;
  /** Fulfilled when the peer has the message, exactly once. */
  send(peer: string, data: unknown): Promise<void>;
  join(name: string): Room;
  watch(peer: string): void;
  unwatch(peer: string): void;
  connectTo(peer: string, routing?: Routing): Connection;
  route(routing: Routing): void;
}

/** A room: who else is in it, and who comes and goes. */
export class Room extends Emitter<RoomEvents> {
  private constructor();
  readonly name: string;
  readonly peers: ReadonlySet<string>;
  readonly joined: boolean;
  readonly ready: Promise<Room>;
  leave(): void;
}

export type ConnectionState = 'connecting' | 'connected' | 'interrupted' | 'failed' | 'closed';

/** A connection to one other peer, over which data channels and media run. */
export class Connection extends Emitter<ConnectionEvents> {
  private constructor();
  readonly peer: string;
  /** The same at both ends. */
  readonly id: string;
  /** Whether this side began. */
  readonly initiator: boolean;
  readonly state: ConnectionState;
  /** Why it failed or ended. */
  readonly problem: BradawlError | null;
  readonly opened: Promise<Connection>;
  /** The browser's own object, for whatever is not wrapped here. */
  readonly rtc: RTCPeerConnection;
  readonly lastPath: Path | null;
  channel(label: string, options?: RTCDataChannelInit): RTCDataChannel;
  path(): Promise<Path | null>;
  restart(): void;
  close(reason?: string): void;
}

export interface PathEnd {
  readonly type: 'host' | 'srflx' | 'prflx' | 'relay';
  /** Null where the browser hides it. */
  readonly address: string | null;
  readonly port: number | null;
  readonly protocol: 'udp' | 'tcp';
  /** How the TURN server is reached; known for the local end only. */
  readonly relayProtocol: 'udp' | 'tcp' | 'tls' | null;
  readonly url: string | null;
}

/** Which way the bytes go, as the browser reports it. */
export interface Path {
  readonly kind: 'host' | 'server-reflexive' | 'relay';
  /** What leaves this machine: to the relay where this end is relayed, else to the peer. */
  readonly transport: 'udp' | 'tcp';
  readonly local: PathEnd;
  readonly remote: PathEnd;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly roundTripMillis: number | null;
}

export function readPath(report: RTCStatsReport): Path | null;

/** Says a path in words, for people. */
export function describePath(path: Path): string;

/** What went wrong and what to do about it; `code` is for programs. */
export class BradawlError extends Error {
  constructor(code: string, message: string, cause?: unknown);
  readonly code: string;
}
