import { UsageError } from '../errors/index.ts';
import { FileSink, LastingSink, type OutputSink, StreamSink } from '../output/index.ts';
import type { CommandLine } from './arguments.ts';
import { outliveReader } from './output-reader.ts';

/** `dump`, `inspect` and `verify`: they read files, without a session. */
export async function runSSTableCommand(commandLine: CommandLine): Promise<number> {
  const { command, operands, options } = commandLine;
  if (operands.length === 0) throw new UsageError(`${command} needs a *-Data.db file or a directory`);
  const output = openOutput(options.output);
  // Of a damaged file the exit code tells, whoever reads the rest.
  const outlivesReader = command === 'verify';
  if (outlivesReader) outliveReader();
  const sink = outlivesReader ? new LastingSink(output) : output;
  try {
    switch (command) {
      case 'dump': {
        const { runDump } = await import('./dump.ts');
        return await runDump(operands, options, sink);
      }
      case 'inspect': {
        const { runInspect } = await import('./inspect.ts');
        return await runInspect(operands, options, sink);
      }
      case 'verify': {
        const { runVerify } = await import('./verify.ts');
        return await runVerify(operands, options, sink);
      }
      default:
        throw new UsageError(`unknown command ${command}`);
    }
  } finally {
    await sink.drain();
    if (output instanceof FileSink) output.close();
  }
}

/** stdout, or the file of `--output`. */
export function openOutput(path: string | undefined): OutputSink {
  return path === undefined ? new StreamSink(process.stdout) : new FileSink(path);
}
