import { fileURLToPath } from 'node:url';
import { describePythonTests } from '../python-tests.js';

describePythonTests(
  'the QGIS provider',
  fileURLToPath(new URL('tests', import.meta.url)),
  'import qgis.core, shutil; from osgeo import gdal; assert shutil.which("qgis_process")',
);
