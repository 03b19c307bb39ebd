import type { Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';

/** The outside world, as `sec` sees it. `node-context.ts` is the real one; tests make their own. */
export interface Context {
  /** The name that decides whose ways are ours (`core/manners.ts`). */
  readonly calledAs: 'sec' | 'sops';
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path of the working directory. */
  readonly cwd: string;
  readonly home: string;
  readonly platform: string;
  readonly hostname: string;
  readonly files: Files;
  readonly programs: Programs;
  readonly system: System;
  /** Where the administrator says what is audited. Not given: the usual place. */
  readonly auditFile?: string;
  readonly network: Network;
  /**
   * Writes all bytes to standard output before it resolves.
   * @throws SecError `output-closed` where nobody reads any more, `file-unwritable` where it cannot be written
   */
  out(bytes: Uint8Array | string): Promise<void>;
  /** Writes one message line to standard error. */
  err(text: string): void;
  /** All of standard input. */
  readInput(): Promise<Uint8Array>;
  /** The person at the terminal; `null` where nobody is there to answer. */
  readonly terminal: Terminal | null;
  readonly stdoutIsTerminal: boolean;
  now(): Date;
  random(length: number): Uint8Array;
}

/** Paths may be relative to `cwd`. Errors are Node's own, with their `code`; callers name what they expect. */
export interface Files {
  read(path: string): Promise<Uint8Array>;
  /** `null` where nothing is. Follows links. */
  stat(path: string): Promise<FileStat | null>;
  /** Names in a folder, sorted. */
  list(path: string): Promise<readonly string[]>;
  /**
   * Writes beside, fsyncs file and folder, and renames. Keeps the mode and the owner of an existing file and writes through a link.
   * What is no regular file, such as `/dev/stdout`, is written into.
   * `expected`: the content that was read; if the file holds something else by now, nothing is written and an error with the
   * code `ECHANGED` is thrown. `null`: there must be no file.
   */
  write(path: string, bytes: Uint8Array, options?: WriteOptions): Promise<void>;
  /** Creates a file that must not exist yet (`EEXIST`), complete or not at all; makes missing folders (0700). */
  create(path: string, bytes: Uint8Array, mode: number): Promise<void>;
  /** A fresh folder, mode 0700, in memory (tmpfs) where the system has one. Removed at the end of the process at the latest. */
  privateFolder(): Promise<string>;
  /** Overwrites and removes a file, or removes a folder with all in it. Missing is fine. */
  remove(path: string): Promise<void>;
}

export interface FileStat {
  readonly kind: 'file' | 'folder' | 'other';
  readonly size: number;
  readonly mode: number;
}

export interface WriteOptions {
  /** For a new file, less the umask. Default 0666. */
  readonly mode?: number;
  readonly expected?: Uint8Array | null;
}

export interface Programs {
  /**
   * Runs to the end, without a shell. `status` is `null` when a signal ended it. Throws with `ENOENT` where it is not found, and
   * with `ETIMEDOUT` at the deadline. While a program with our streams runs, interrupts are its own, and a request to end goes to it.
   */
  run(program: Program): Promise<Finished>;
  /** Starts a program to talk to, without a shell. What it says to standard error is for nobody. Throws with `ENOENT` where it is not found. */
  talk(program: Program): Promise<Conversation>;
  /** Full path of a program on PATH, or `null`. */
  find(name: string): Promise<string | null>;
  /**
   * Runs a program in our place: terminal, signals and standard streams are its own. Resolves to the exit status as a shell
   * would show it (128+n after a signal); may never return where the process is replaced. `file` is looked up on our own PATH,
   * not on that of `env`, and `env` is the whole environment. Throws with `ENOENT` where there is no such program, with another code
   * where it cannot be run.
   */
  become(program: Program): Promise<number>;
}

/** What `exec-env` and `exec-file` need beyond programs and files. */
export interface System {
  /**
   * Makes a pipe with a name, mode 0600, whose first reader gets the content. Gives what takes it back: afterwards nobody waits for a
   * reader any more.
   */
  offer(path: string, bytes: Uint8Array): Promise<() => Promise<void>>;
  /** Starts a program without our streams, and does not wait for it. Throws with `ENOENT` where it is not found. */
  leave(program: Program): Promise<void>;
  /**
   * Makes this process, and with it all that it starts and writes from now on, another user's. Throws with `ENOENT` where there is no
   * such user, and with `EPERM` where we may not.
   */
  actAs(user: string): Promise<Account>;
  /** The account that this process belongs to. */
  accountName(): Promise<string>;
  /** Who called this process. */
  caller(): Promise<Caller>;
  /**
   * Adds a line to the end of a file, whole or not at all, also where others do so at the same time. Makes the file (0600) and its folders
   * (0700). Throws Node's own errors, `ENXIO` for what is no file, and `EINSECURE` where others may write to it.
   */
  append(path: string, line: Uint8Array): Promise<void>;
  /** The last bytes of a file, no more than `most`. Throws Node's own errors, and `ENXIO` for what is no file. */
  readEnd(path: string, most: number): Promise<LogEnd>;
}

/** Who calls, as the system tells it. */
export interface Caller {
  readonly user: string;
  /** `null` where the system has none. */
  readonly uid: number | null;
  readonly pid: number;
  /** The name of the program that started this process; `null` where the system does not tell. */
  readonly program: string | null;
}

/** The end of a file. */
export interface LogEnd {
  readonly bytes: Uint8Array;
  /** Whether that is all of it. */
  readonly isWhole: boolean;
}

/** A user of the system. */
export interface Account {
  readonly name: string;
  /** The folder that is theirs. */
  readonly home: string;
}

export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: Uint8Array;
  readonly cwd?: string;
  /** `inherit`: the streams are ours, for an editor. Default `pipe`. */
  readonly streams?: 'pipe' | 'inherit';
  readonly deadlineMs?: number;
}

/** A program that reads and writes as long as it is talked to. */
export interface Conversation {
  /** The next bytes that it writes; `null` once it writes no more. */
  read(): Promise<Uint8Array | null>;
  write(bytes: Uint8Array): void;
  /** Says no more, and gives the program a second to end. */
  end(): Promise<void>;
}

export interface Finished {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

/** Servers: those of others over HTTP, and one of ours. */
export interface Network {
  /**
   * Sends a request and gives the answer, whatever its status; no redirect is followed. Throws Node's own errors with their `code`;
   * `ETIMEDOUT` where a time is over, `EMSGSIZE` for an answer beyond a megabyte, and those of `agents`.
   */
  request(request: HttpRequest): Promise<HttpAnswer>;
  /**
   * What connects us to servers, for packages that speak HTTP by themselves: through a proxy where the environment names one. Where that
   * is of no use, an error has the code `EPROXY_` with the status of its answer, the code of the system, or `ADDRESS` behind.
   */
  agents(): Promise<Agents>;
  /** Closes every connection to a server of others, for good: nobody waits for an answer any more. */
  end(): Promise<void>;
  /** Waits so long, or until the signal says that it is enough, and keeps the process running meanwhile. */
  pause(ms: number, enough?: AbortSignal): Promise<void>;
  /**
   * Listens at a place until a signal asks this process to end, or `stop` does. A socket in the file system is its owner's alone, and
   * is gone afterwards. Throws Node's own errors with their `code`.
   */
  serve(place: Place, serving: Serving): Promise<void>;
}

/** Connections by the scheme of an address. */
export interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

/** Where to listen: at an address of this machine, or at a socket in the file system. */
export type Place = { readonly host: string; readonly port: number } | { readonly path: string };

export interface Serving {
  /** Gets each connection, which ends with the serving at the latest. */
  take(connection: Duplex): void;
  /** Called once others can connect. */
  ready(): void;
  readonly stop: AbortSignal;
}

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty for none. */
  readonly body: string;
  readonly tls: TlsSettings;
  /** Ends the request, which throws `ABORT_ERR` then; `null` for one that is waited for in any case. */
  readonly signal: AbortSignal | null;
  readonly limits: {
    /** To a connection, in milliseconds, with its handshake. */
    readonly connectMs: number;
    /** To the end of the answer. */
    readonly answerMs: number;
  };
}

/** How a server shows who it is, and we do. Each is `null` where nobody says: then it is as Node has it. */
export interface TlsSettings {
  /** Certificates of authorities, in PEM, in place of the usual ones. */
  readonly ca: string | null;
  /** Our own certificate and its key, in PEM. */
  readonly certificate: string | null;
  readonly key: string | null;
  /** The name that the server's certificate must have, in place of that of its address. */
  readonly serverName: string | null;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** Questions go to the controlling terminal, never to standard output. */
export interface Terminal {
  /** Asks without echo. Each question throws `SecError` `interrupted` when the person ends it. */
  secret(question: string): Promise<string>;
  confirm(question: string, fallback: boolean): Promise<boolean>;
  choose<T extends string>(question: string, choices: readonly { readonly value: T; readonly name: string }[]): Promise<T>;
}
