/** The shell on this process's terminal over a session that needs no database: what the tests in a pty run. */
import { runInteractiveShell } from '../../../src/repl/index.ts';
import { FakeSession } from '../fake-session.ts';

process.exitCode = await runInteractiveShell(new FakeSession(), {
  history: true,
  color: process.env['TEST_COLOR'] === '1',
  settings: {},
  quiet: true,
  confirmLoss: true,
});
