import { main } from './main.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
});
void main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
