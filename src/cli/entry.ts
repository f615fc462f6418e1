import { main } from './main.ts';
import { endWithReader } from './output-reader.ts';

endWithReader();
void main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
