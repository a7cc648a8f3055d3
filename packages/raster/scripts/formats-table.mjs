// Writes the table of docs/formats.md from the list that files are opened by. usage: npm run docs:formats   (after a build)
import { writeFormatsPage } from '../dist/formats/formats-table.test.support.js';

writeFormatsPage();
