import { existsSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { CqlError } from '../../errors/index.ts';

/**
 * How a second process has maintenance done in a database that another one holds: a socket in the directory, one JSON
 * request a line, one JSON answer a line.
 *
 *   request   {"command": "flush" | "compact" | "maintenance", "keyspace"?, "table"?, "budgetMs"?}
 *   answer    {"ok": RESULT} or {"error": MESSAGE}
 *
 * It goes around `FileSystem`: a socket is no file. Who may write to the directory may connect.
 */
export interface MaintenanceRequest {
  readonly command: 'flush' | 'compact' | 'maintenance';
  readonly keyspace?: string;
  readonly table?: string;
  readonly budgetMs?: number;
}

/** Longer paths do not fit in a socket's address. */
const MAX_SOCKET_PATH_BYTES = 100;
const MAX_REQUEST_BYTES = 64 * 1024;

export function maintenanceSocket(directory: string): string {
  return join(directory, 'socket');
}

/** Answers requests until it is closed. The caller holds the lock, so that a socket that is there is a dead one's. */
export async function listenForMaintenance(
  path: string,
  answer: (request: MaintenanceRequest) => Promise<unknown>,
): Promise<Server | null> {
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH_BYTES) return null;
  if (existsSync(path)) unlinkSync(path);
  const server = createServer((socket) => serve(socket, answer));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
  // Waiting for requests is no reason to stay alive.
  server.unref();
  return server;
}

/** Sends one request to the process that holds the database; null when none listens. */
export async function askHolder(path: string, request: MaintenanceRequest): Promise<{ readonly ok: unknown } | null> {
  if (!existsSync(path)) return null;
  const socket = connect(path);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
  } catch {
    // Left behind by a process that died.
    return null;
  }
  socket.write(`${JSON.stringify(request)}\n`);
  const line = await firstLine(socket);
  socket.destroy();
  const answer: unknown = JSON.parse(line);
  if (typeof answer === 'object' && answer !== null && 'ok' in answer) return { ok: answer.ok };
  const message = typeof answer === 'object' && answer !== null && 'error' in answer ? String(answer.error) : line;
  throw new CqlError('ServerError', message);
}

function serve(socket: Socket, answer: (request: MaintenanceRequest) => Promise<unknown>): void {
  socket.on('error', () => socket.destroy());
  firstLine(socket)
    .then(async (line) => answer(parseRequest(line)))
    .then(
      (result) => socket.end(`${JSON.stringify({ ok: result ?? null })}\n`),
      (error: unknown) => {
        socket.end(`${JSON.stringify({ error: error instanceof Error ? error.message : String(error) })}\n`);
      },
    );
}

function parseRequest(line: string): MaintenanceRequest {
  const value: unknown = JSON.parse(line);
  if (typeof value !== 'object' || value === null || !('command' in value)) {
    throw new CqlError('ProtocolException', 'a maintenance request is an object with a command');
  }
  // A parsed JSON object, of which each property is checked.
  const { command, keyspace, table, budgetMs } = value as Record<string, unknown>;
  if (command !== 'flush' && command !== 'compact' && command !== 'maintenance') {
    throw new CqlError('ProtocolException', `no maintenance command ${String(command)}`);
  }
  return {
    command,
    keyspace: typeof keyspace === 'string' ? keyspace : undefined,
    table: typeof table === 'string' ? table : undefined,
    budgetMs: typeof budgetMs === 'number' ? budgetMs : undefined,
  };
}

function firstLine(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (data: string) => {
      text += data;
      const end = text.indexOf('\n');
      if (end >= 0) resolve(text.slice(0, end));
      else if (text.length > MAX_REQUEST_BYTES) reject(new CqlError('ProtocolException', 'the line is too long'));
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new CqlError('ServerError', 'the process that holds the database went away')));
  });
}
